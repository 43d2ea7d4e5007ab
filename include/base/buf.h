/*
 * A growing byte buffer with a limit that is set when it is initialized. What exceeds the
 * limit is not added, and `overflow` is set.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"

/* The members may be read directly; only the functions below change them. */
struct buf {
    char *bytes; /* always ends with a zero byte that `length` does not count */
    size_t length;
    size_t capacity;
    size_t limit;  /* maximum number of bytes */
    bool overflow; /* something did not fit and was left out */
};

void buf_init(struct buf *buf, size_t limit);

/* Frees the memory; also for AUTO(). */
void buf_done(struct buf *buf);

/* The memory that the buffer uses once `more` bytes are added: unchanged if they exceed
 * the limit. */
size_t buf_capacity_with(const struct buf *buf, size_t more) NODISCARD;

void buf_add(struct buf *buf, const char *bytes, size_t length);
void buf_text(struct buf *buf, const char *text);
/* Drops the first `length` bytes, which must exist, and keeps the rest. */
void buf_drop(struct buf *buf, size_t length);

void buf_printf(struct buf *buf, const char *format, ...) PRINTF(2, 3);

#endif
