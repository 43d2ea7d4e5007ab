#include "chat/request.h"

#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "chat/chat.h"

#include <string.h>
#include <strings.h>

const char *const chat_request_names[] = {"SEND_MESSAGE", "DELETE_MESSAGE",
                                          "DISCONNECT_USER", CHAT_CONNECT, NULL};

enum { ACTIONS = 3 };

/* The state of reading the members of an action. */
struct reader {
    struct arena *arena;
    const cJSON *json;
    struct chat_request *out;
};

/* The member with that name in any case, unless it is null; NULL: absent. If there are
 * several, the first. */
static const cJSON *find_member(const cJSON *object, const char *name)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, object) {
        if (strcasecmp(member->string, name) == 0)
            return cJSON_IsNull(member) ? NULL : member;
    }
    return NULL;
}

/* Keeps the first error in the members. */
static void note_fault(struct reader *reader, enum chat_error_code code, const char *text)
{
    if (reader->out->fault != CHAT_OK)
        return;
    reader->out->fault = code;
    reader->out->fault_text = text;
}

/* A member that is a string with at most `max` characters (0: any number). NULL: absent,
 * or a fault is noted. */
static const char *read_text(struct reader *reader, const char *name, size_t max)
{
    const cJSON *member = find_member(reader->json, name);

    if (member == NULL)
        return NULL;
    if (!cJSON_IsString(member)) {
        note_fault(reader, CHAT_BAD_REQUEST,
                   arena_printf(reader->arena, "%s must be a string", name));
        return NULL;
    }
    if (max > 0 && utf8_chars(member->valuestring) > max) {
        note_fault(
            reader, CHAT_TOO_LARGE,
            arena_printf(reader->arena, "%s must be at most %zu chars", name, max));
        return NULL;
    }
    return arena_strdup(reader->arena, member->valuestring);
}

/* The same for a member that is required and not empty. */
static const char *read_required(struct reader *reader, const char *name, size_t max)
{
    const char *text = read_text(reader, name, max);

    if (text == NULL || text[0] == '\0')
        note_fault(reader, CHAT_BAD_REQUEST,
                   arena_printf(reader->arena, "%s is required", name));
    return text;
}

int64_t chat_attribute_bytes(const cJSON *attributes)
{
    const cJSON *attribute;
    int64_t bytes = 0;

    if (!cJSON_IsObject(attributes))
        return -1;
    cJSON_ArrayForEach(attribute, attributes) {
        if (!cJSON_IsString(attribute))
            return -1;
        bytes += (int64_t)(strlen(attribute->string) + strlen(attribute->valuestring));
    }
    return bytes;
}

static const char *read_attributes(struct reader *reader)
{
    const cJSON *attributes = find_member(reader->json, "Attributes");

    if (attributes == NULL)
        return NULL;
    int64_t bytes = chat_attribute_bytes(attributes);
    if (bytes < 0)
        note_fault(reader, CHAT_BAD_REQUEST, "Attributes must be an object of strings");
    else if (bytes > CHAT_ATTRIBUTES_MAX_BYTES)
        note_fault(reader, CHAT_TOO_LARGE,
                   arena_printf(reader->arena, "Attributes must be at most %d bytes",
                                CHAT_ATTRIBUTES_MAX_BYTES));
    else
        return json_text(reader->arena, attributes);
    return NULL;
}

static void check_id(struct reader *reader)
{
    const char *id = reader->out->id;

    if (id == NULL || strlen(id) != CHAT_ID_CHARS ||
        text_span(id, TEXT_DIGITS | TEXT_LOWER | TEXT_UPPER, "") != CHAT_ID_CHARS)
        note_fault(
            reader, CHAT_BAD_REQUEST,
            arena_printf(reader->arena, "Id must be %d of [a-zA-Z0-9]", CHAT_ID_CHARS));
}

static void read_reason(struct reader *reader)
{
    const char *reason = read_text(reader, "Reason", CHAT_REASON_MAX_CHARS);

    reader->out->reason = reason != NULL && reason[0] != '\0' ? reason : NULL;
}

static void read_members(struct reader *reader)
{
    switch (reader->out->action) {
    case CHAT_ACTION_SEND_MESSAGE:
        reader->out->content = read_required(reader, "Content", 0);
        reader->out->attributes = read_attributes(reader);
        break;
    case CHAT_ACTION_DELETE_MESSAGE:
        reader->out->id = read_required(reader, "Id", 0);
        check_id(reader);
        read_reason(reader);
        break;
    case CHAT_ACTION_DISCONNECT_USER:
        reader->out->user_id = read_required(reader, "UserId", CHAT_USER_ID_MAX_CHARS);
        read_reason(reader);
        break;
    }
}

/* False: the request has a RequestId that cannot be used. */
static bool read_request_id(struct reader *reader)
{
    const cJSON *member = find_member(reader->json, "RequestId");

    reader->out->request_id = "";
    if (member == NULL)
        return true;
    if (!cJSON_IsString(member) ||
        utf8_chars(member->valuestring) > CHAT_REQUEST_ID_MAX_CHARS)
        return false;
    reader->out->request_id = arena_strdup(reader->arena, member->valuestring);
    return true;
}

static bool read_action(struct reader *reader)
{
    const cJSON *member = find_member(reader->json, "Action");

    for (int i = 0; cJSON_IsString(member) && i < ACTIONS; i++) {
        if (strcmp(member->valuestring, chat_request_names[i]) == 0) {
            reader->out->action = (enum chat_action)i;
            return true;
        }
    }
    return false;
}

static enum chat_error_code read_object(struct reader *reader, const char **why)
{
    if (!cJSON_IsObject(reader->json)) {
        *why = "The request must be a JSON object";
        return CHAT_BAD_REQUEST;
    }
    if (!read_request_id(reader)) {
        *why =
            arena_printf(reader->arena, "RequestId must be a string of at most %d chars",
                         CHAT_REQUEST_ID_MAX_CHARS);
        return CHAT_BAD_REQUEST;
    }
    if (!read_action(reader)) {
        *why = "Action must be SEND_MESSAGE, DELETE_MESSAGE or DISCONNECT_USER";
        return CHAT_BAD_REQUEST;
    }
    read_members(reader);
    return CHAT_OK;
}

enum chat_error_code chat_request_read(struct arena *arena, const char *text,
                                       size_t length, struct chat_request *out,
                                       const char **why)
{
    *out = (struct chat_request){.request_id = ""};
    cJSON *json AUTO(json_done) = json_read(text, length, why);
    struct reader reader = {.arena = arena, .json = json, .out = out};

    if (json != NULL)
        return read_object(&reader, why);
    *why = "The request is not valid JSON";
    return CHAT_BAD_REQUEST;
}
