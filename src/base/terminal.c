#include "base/terminal.h"

#include "base/buf.h"
#include "log_line_internal.h"

#include <string.h>

const char *terminal_text(struct arena *arena, const char *text)
{
    enum { BYTES_OF_ESCAPE = 4 };
    size_t length = strlen(text);
    struct buf shown AUTO(buf_done);

    buf_init(&shown, BYTES_OF_ESCAPE * length + 1);
    for (size_t at = 0, whole; at < length; at += whole) {
        whole = log_character(text + at, length - at);
        if (whole > 0 && !log_character_is_control(text + at, whole)) {
            buf_add(&shown, text + at, whole);
            continue;
        }
        whole = whole == 0 ? 1 : whole;
        for (size_t i = 0; i < whole; i++)
            buf_printf(&shown, "\\x%02x", (unsigned)(unsigned char)text[at + i]);
    }
    return arena_strndup(arena, shown.bytes != NULL ? shown.bytes : "", shown.length);
}
