/*
 * Timestamps: what is accepted is a valid time, and is formatted to itself.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/bug.h"
#include "base/timestamp.h"

#include <string.h>

/* The end of the year 9999. */
#define LAST_MS INT64_C(253402300799999)

static bool is_canonical(const char *text)
{
    return strlen(text) == strlen("2020-05-05T21:55:38Z") && text[19] == 'Z';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);
    int64_t time_ms = INT64_MIN, again_ms;

    if (timestamp_parse(text, &time_ms) != 0) {
        if (time_ms != INT64_MIN)
            BUG("a refused time left something behind: %s", text);
        return 0;
    }
    if (time_ms < 0 || time_ms > LAST_MS)
        BUG("out of the years: %s", text);
    const char *printed = timestamp_text(arena, time_ms);
    if (timestamp_parse(printed, &again_ms) != 0 || again_ms != time_ms - time_ms % 1000)
        BUG("%s is not %s", printed, text);
    if (is_canonical(text) && strcmp(printed, text) != 0)
        BUG("%s was read as %s", text, printed);
    return 0;
}
