/*
 * A request of a chat client.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/bug.h"
#include "base/json.h"
#include "base/utf8.h"
#include "chat/chat.h"
#include "chat/request.h"

#include <string.h>

/* Whether a text of the request is valid and not longer than it may be. */
static void check_text(const char *text, size_t max_chars)
{
    if (text == NULL)
        return;
    if (!utf8_valid(text, strlen(text)) || utf8_chars(text) > max_chars)
        BUG("an invalid text is accepted");
}

static void check_request(const struct chat_request *request, size_t length)
{
    bool has_subject =
        request->content != NULL || request->id != NULL || request->user_id != NULL;

    if (request->fault == CHAT_OK && !has_subject)
        BUG("a request about nothing is accepted");
    if (request->fault != CHAT_OK && request->fault_text == NULL)
        BUG("a request is refused without a reason");
    if (request->fault != CHAT_OK)
        return;
    check_text(request->content, length);
    check_text(request->user_id, CHAT_USER_ID_MAX_CHARS);
    check_text(request->reason, CHAT_REASON_MAX_CHARS);
    if (request->id != NULL && strlen(request->id) != CHAT_ID_CHARS)
        BUG("an id has %zu characters", strlen(request->id));
    if (request->attributes != NULL) {
        cJSON *attributes AUTO(json_done) = json_stored(request->attributes);
        if (!cJSON_IsObject(attributes))
            BUG("attributes are no object");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *text = arena_strndup(arena, (const char *)data, size);
    struct chat_request request;
    const char *why = NULL;
    enum chat_error_code code = chat_request_read(arena, text, size, &request, &why);

    if (request.request_id == NULL)
        BUG("there is no request id");
    check_text(request.request_id, CHAT_REQUEST_ID_MAX_CHARS);
    if ((code == CHAT_OK) != (why == NULL))
        BUG("code %d, reason %s", (int)code, why != NULL ? why : "none");
    if (code == CHAT_OK)
        check_request(&request, size);
    return 0;
}
