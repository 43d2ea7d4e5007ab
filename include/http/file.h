/*
 * A part of an open file as the body of a request. It is read by position in small
 * pieces: the descriptor's own position is neither used nor changed, and several readers
 * may share one descriptor.
 */
#ifndef HTTP_FILE_H
#define HTTP_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"

/* The descriptor belongs to the caller and must be open for reading. */
struct http_file {
    int fd;
    int64_t offset; /* in bytes, from the beginning of the file */
    int64_t length; /* in bytes */
};

/*
 * Reads up to `room` bytes of the part, from position `at` within it, and returns the
 * number of bytes; 0 at the end of the part, or if `room` is 0. -1 if the bytes cannot be
 * read or the file ends before the part does: *why is one line, in the arena.
 */
int64_t http_file_read(const struct http_file *file, int64_t at, char *out, size_t room,
                       struct arena *arena, const char **why) NODISCARD;

/*
 * The SHA-256 of the part in hexadecimal digits, as sigv4_payload_hash() returns it.
 * NULL, with *why set, if http_file_read() fails.
 */
const char *http_file_payload_hash(const struct http_file *file, struct arena *arena,
                                   const char **why) NODISCARD;

#endif
