#include "review_call_internal.h"

#include "base/json.h"
#include "base/utf8.h"
#include "chat/request.h"

#include <string.h>

/* Attributes are a map of strings, of limited size. NULL: there are none. */
static const char *find_attributes_fault(const cJSON *attributes)
{
    if (attributes == NULL)
        return NULL;
    if (!cJSON_IsObject(attributes))
        return "Attributes is not an object";
    int64_t bytes = chat_attribute_bytes(attributes);
    if (bytes < 0)
        return "an attribute is not a string";
    return bytes > CHAT_ATTRIBUTES_MAX_BYTES ? "Attributes is too long" : NULL;
}

/* A text of 1 to the room's maximum number of characters. */
static const char *find_content_fault(const cJSON *content, int64_t max_chars)
{
    if (!cJSON_IsString(content))
        return "Content is missing or not a string";
    if (content->valuestring[0] == '\0')
        return "Content is empty";
    return (int64_t)utf8_chars(content->valuestring) > max_chars ? "Content is too long"
                                                                 : NULL;
}

/* Returns why the response is not a review, or NULL. The text of a message that is denied
 * is not used. Fidelity: ivschat-review-2 */
static const char *find_fault(const cJSON *answer, bool is_allowed, bool is_denied,
                              int64_t max_chars)
{
    const char *fault = NULL;

    if (!cJSON_IsObject(answer))
        return "it is not an object";
    if (!is_allowed && !is_denied)
        return "ReviewResult is neither ALLOW nor DENY";
    if (is_allowed)
        fault = find_content_fault(cJSON_GetObjectItemCaseSensitive(answer, "Content"),
                                   max_chars);
    return fault;
}

/* The attributes of a response; NULL: there are none, or null. */
static const cJSON *attributes_of(const cJSON *answer)
{
    const cJSON *attributes = cJSON_GetObjectItemCaseSensitive(answer, "Attributes");

    return cJSON_IsNull(attributes) ? NULL : attributes;
}

int review_read(struct arena *arena, const char *body, size_t length,
                int64_t maximum_message_length, struct review_result *out,
                const char **why)
{
    cJSON *answer AUTO(json_done) = json_read(body, length, why);

    if (answer == NULL)
        return -1;
    const char *said = json_string_or(answer, "ReviewResult", "");
    bool is_allowed = strcmp(said, "ALLOW") == 0, is_denied = strcmp(said, "DENY") == 0;
    const cJSON *attributes = attributes_of(answer);
    const char *fault = find_fault(answer, is_allowed, is_denied, maximum_message_length);
    if (fault == NULL)
        fault = find_attributes_fault(attributes);
    if (fault != NULL) {
        *why = fault;
        return -1;
    }
    *out = (struct review_result){.outcome = is_allowed ? REVIEW_ALLOWED : REVIEW_DENIED};
    if (is_denied)
        out->reason = arena_strdup(arena, json_string_or(attributes, "Reason", ""));
    if (is_allowed)
        out->content = arena_strdup(arena, json_string_or(answer, "Content", ""));
    if (is_allowed && attributes != NULL)
        out->attributes = json_text(arena, attributes);
    return 0;
}
