#include "frame_internal.h"

#include "chat_internal.h"

#include "base/json.h"
#include "base/timestamp.h"

#include <inttypes.h>
#include <string.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

const char *chat_make_id(struct chat *chat, struct arena *arena)
{
    return ids_alnum(chat->parts.ids, arena, CHAT_ID_CHARS);
}

const char *frame_time(struct arena *arena, int64_t time_ns)
{
    const char *whole = timestamp_text(arena, time_ns / NS_PER_MS);
    char *text = arena_printf(arena, "%.*s.%09" PRId64, (int)strlen(whole) - 1, whole,
                              time_ns % NS_PER_S);
    char *end = text + strlen(text);

    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    *end = '\0';
    return arena_join(arena, text, "Z", NULL);
}

/* Adds attributes, which are null if there are none. */
static void add_attributes(cJSON *to, const char *attributes)
{
    json_add_stored(to, "Attributes", attributes != NULL ? attributes : "null");
}

const char *frame_of_message(struct arena *arena, const struct message_frame *frame)
{
    cJSON *json AUTO(json_done) = cJSON_CreateObject();

    json_add_text(json, "Type", FRAME_MESSAGE);
    json_add_text(json, "Id", frame->id);
    json_add_text(json, "RequestId", frame->request_id);
    add_attributes(json, frame->attributes);
    json_add_text(json, "Content", frame->content);
    json_add_text(json, "SendTime", frame->send_time);
    cJSON *sender = cJSON_AddObjectToObject(json, "Sender");
    json_add_text(sender, "UserId", frame->user_id);
    add_attributes(sender, frame->user_attributes);
    return json_text(arena, json);
}

const char *frame_of_event(struct arena *arena, const struct event_frame *frame)
{
    cJSON *json AUTO(json_done) = cJSON_CreateObject();

    json_add_text(json, "Type", FRAME_EVENT);
    json_add_text(json, "Id", frame->id);
    json_add_text(json, "RequestId", frame->request_id);
    json_add_text(json, "EventName", frame->name);
    add_attributes(json, frame->attributes);
    json_add_text(json, "SendTime", frame->send_time);
    return json_text(arena, json);
}

const char *frame_of_error(struct arena *arena, const struct error_frame *frame)
{
    cJSON *json AUTO(json_done) = cJSON_CreateObject();

    json_add_text(json, "Type", FRAME_ERROR);
    json_add_text(json, "Id", frame->id);
    json_add_text(json, "RequestId", frame->request_id);
    cJSON_AddNumberToObject(json, "ErrorCode", frame->code);
    json_add_text(json, "ErrorMessage", frame->message);
    return json_text(arena, json);
}

const char *chat_fault_text(const struct fault *fault)
{
    if (fault->message != NULL)
        return fault->message;
    return fault->error_text != NULL ? fault->error_text : "A fault was injected";
}

/* The reason is left out if there is none. Fidelity: ivschat-messaging-4 */
static const char *attributes_text(struct arena *arena, cJSON *attributes,
                                   const char *reason)
{
    if (reason != NULL)
        json_add_text(attributes, "Reason", reason);
    return json_text(arena, attributes);
}

const char *chat_deletion_attributes(struct arena *arena, const char *message_id,
                                     const char *reason)
{
    cJSON *attributes AUTO(json_done) = cJSON_CreateObject();

    /* The old name, which the official client reads, and the new one. */
    json_add_text(attributes, "MessageID", message_id);
    json_add_text(attributes, "MessageId", message_id);
    return attributes_text(arena, attributes, reason);
}

const char *chat_disconnection_attributes(struct arena *arena, const char *user_id,
                                          const char *reason)
{
    cJSON *attributes AUTO(json_done) = cJSON_CreateObject();

    json_add_text(attributes, "UserId", user_id);
    return attributes_text(arena, attributes, reason);
}
