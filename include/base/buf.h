/*
 * A growing run of bytes with a limit given at birth. Past the limit it takes nothing
 * more and remembers that it was asked to.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"

/* Read the members freely; change them only through the functions below. */
struct buf {
    char *bytes; /* always ends with a zero byte that `length` does not count */
    size_t length;
    size_t capacity;
    size_t limit;  /* most bytes it will hold */
    bool overflow; /* something did not fit and was left out */
};

void buf_init(struct buf *buf, size_t limit);

/* Gives the memory back; also for AUTO(). */
void buf_done(struct buf *buf);

void buf_add(struct buf *buf, const char *bytes, size_t length);
void buf_text(struct buf *buf, const char *text);
/* Drops the first `length` bytes, which must be there, and keeps the rest. */
void buf_drop(struct buf *buf, size_t length);

void buf_printf(struct buf *buf, const char *format, ...) PRINTF(2, 3);

#endif
