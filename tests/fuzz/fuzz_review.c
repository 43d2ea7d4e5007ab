/*
 * Responses of message review handlers: the room's maximum length, a line end, the body.
 */
#include "../../src/chat/review_call_internal.h"
#include "fuzz.h"

#include "base/arena.h"
#include "base/bug.h"
#include "base/json.h"
#include "base/utf8.h"
#include "chat/request.h"

#include <stdlib.h>
#include <string.h>

/* The maximum of the API. */
enum { LENGTH_MAX = 500 };

static void check_content(const char *content, int64_t max_chars)
{
    if (content == NULL || content[0] == '\0')
        BUG("allowed without a text");
    if (!utf8_valid(content, strlen(content)))
        BUG("the text is not UTF-8");
    if ((int64_t)utf8_chars(content) > max_chars)
        BUG("the text is too long: %s", content);
}

/* They are printed again, so they must be a map of strings. */
static void check_attributes(const char *text)
{
    const char *why;
    cJSON *attributes AUTO(json_done) = json_read(text, strlen(text), &why);
    const cJSON *each;
    size_t bytes = 0;

    if (!cJSON_IsObject(attributes))
        BUG("the attributes are no object: %s", text);
    cJSON_ArrayForEach(each, attributes) {
        if (!cJSON_IsString(each))
            BUG("an attribute is no string: %s", text);
        bytes += strlen(each->string) + strlen(each->valuestring);
    }
    if (bytes > CHAT_ATTRIBUTES_MAX_BYTES)
        BUG("the attributes are too long: %s", text);
}

static void check_result(const struct review_result *result, int64_t max_chars)
{
    switch (result->outcome) {
    case REVIEW_ALLOWED:
        check_content(result->content, max_chars);
        if (result->attributes != NULL)
            check_attributes(result->attributes);
        break;
    case REVIEW_DENIED:
        if (result->reason == NULL || strlen(result->reason) > CHAT_ATTRIBUTES_MAX_BYTES)
            BUG("denied without a reason, or with one that is too long");
        break;
    case REVIEW_FAILED:
    case REVIEW_UNCONFIGURED:
        BUG("a response that is a review has the outcome %d", (int)result->outcome);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);
    size_t line = strcspn(text, "\n");
    size_t body_at = line < size ? line + 1 : size;
    int64_t max_chars = (int64_t)(strtoul(text, NULL, 10) % LENGTH_MAX) + 1;
    struct review_result result = {.reason = "untouched"};
    const char *why = NULL;

    if (review_read(arena, text + body_at, size - body_at, max_chars, &result, &why) == 0)
        check_result(&result, max_chars);
    else if (why == NULL || why[0] == '\0' || strcmp(result.reason, "untouched") != 0)
        BUG("refused without a reason, or with a result");
    return 0;
}
