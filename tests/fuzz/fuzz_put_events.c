/*
 * Responses of an EventBridge to PutEvents: the status, a line end, the body.
 */
#include "../../src/events/target_internal.h"
#include "fuzz.h"

#include "base/arena.h"
#include "base/bug.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);
    size_t line = strcspn(text, "\n");
    size_t body_at = line < size ? line + 1 : size;
    struct http_result result = {
        .status = (int)(strtoul(text, NULL, 10) % 500) + 100, /* 0 means no response */
        .body = text + body_at,
        .body_length = size - body_at,
    };
    const char *why = NULL;

    switch (put_events.judge(arena, &result, &why)) {
    case VERDICT_DELIVERED:
        if (result.status < 200 || result.status > 299)
            BUG("delivered by status %d", result.status);
        return 0;
    case VERDICT_REFUSED:
        if (result.status >= 500)
            BUG("refused for good by status %d", result.status);
        break;
    case VERDICT_RETRY:
        break;
    }
    if (why == NULL || why[0] == '\0')
        BUG("not delivered without a reason");
    return 0;
}
