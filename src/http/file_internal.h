/*
 * Reading files, for requests that send them and for responses.
 */
#ifndef HTTP_FILE_INTERNAL_H
#define HTTP_FILE_INTERNAL_H

#include "base/attrs.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Like pread(), but a signal does not interrupt it. */
ssize_t file_read_at(int fd, char *out, size_t room, int64_t offset) NODISCARD;

#endif
