#include "base/buf.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 256 };

static char nothing[1] = "";

void buf_init(struct buf *buf, size_t limit)
{
    *buf = (struct buf){.bytes = nothing, .limit = limit};
}

void buf_done(struct buf *buf)
{
    if (buf->capacity > 0)
        free(buf->bytes);
    buf_init(buf, buf->limit);
}

static bool fits_limit(const struct buf *buf, size_t more)
{
    return !buf->overflow && more <= buf->limit - buf->length;
}

size_t buf_capacity_with(const struct buf *buf, size_t more)
{
    size_t capacity = buf->capacity > 0 ? buf->capacity : FIRST_BYTES;

    if (!fits_limit(buf, more) || buf->length + more + 1 <= buf->capacity)
        return buf->capacity;
    while (capacity < buf->length + more + 1)
        capacity *= 2;
    return capacity;
}

/* Makes room for `more` bytes and the closing zero; false if they exceed the limit. */
static bool reserve_bytes(struct buf *buf, size_t more)
{
    if (!fits_limit(buf, more)) {
        buf->overflow = true;
        return false;
    }
    size_t capacity = buf_capacity_with(buf, more);
    if (capacity == buf->capacity)
        return true;
    buf->bytes = mem_realloc(buf->capacity > 0 ? buf->bytes : NULL, capacity);
    buf->capacity = capacity;
    return true;
}

void buf_add(struct buf *buf, const char *bytes, size_t length)
{
    if (!reserve_bytes(buf, length))
        return;
    memcpy(buf->bytes + buf->length, bytes, length);
    buf->length += length;
    buf->bytes[buf->length] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_drop(struct buf *buf, size_t length)
{
    if (length == 0)
        return;
    buf->length -= length;
    memmove(buf->bytes, buf->bytes + length, buf->length + 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (!reserve_bytes(buf, (size_t)length))
        return;
    va_start(args, format);
    vsnprintf(buf->bytes + buf->length, (size_t)length + 1, format, args);
    va_end(args);
    buf->length += (size_t)length;
}
