#include "http/file.h"

#include "base/digest.h"
#include "file_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_BYTES = 32 * 1024, REASON_BYTES = 128 };

ssize_t file_read_at(int fd, char *out, size_t room, int64_t offset)
{
    ssize_t got;

    do
        got = pread(fd, out, room, (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got;
}

static const char *read_error(struct arena *arena, int number)
{
    char reason[REASON_BYTES];

    if (strerror_r(number, reason, sizeof(reason)) != 0)
        return "cannot read the file";
    return arena_printf(arena, "cannot read the file: %s", reason);
}

int64_t http_file_read(const struct http_file *file, int64_t at, char *out, size_t room,
                       struct arena *arena, const char **why)
{
    int64_t left = file->length - at;

    if (left <= 0 || room == 0)
        return 0;
    if ((uint64_t)left < room)
        room = (size_t)left;
    ssize_t got = file_read_at(file->fd, out, room, file->offset + at);
    if (got > 0)
        return got;
    *why = got < 0 ? read_error(arena, errno)
                   : arena_printf(arena,
                                  "the file ends after %" PRId64 " of %" PRId64 " bytes",
                                  at, file->length);
    return -1;
}

const char *http_file_payload_hash(const struct http_file *file, struct arena *arena,
                                   const char **why)
{
    struct digest_stream *stream AUTO(digest_stream_done) = digest_stream_new();
    unsigned char digest[DIGEST_SHA256_BYTES];
    char piece[PIECE_BYTES];
    int64_t at = 0, got;

    while ((got = http_file_read(file, at, piece, sizeof(piece), arena, why)) > 0) {
        digest_stream_add(stream, piece, (size_t)got);
        at += got;
    }
    if (got < 0)
        return NULL;
    digest_stream_end(stream, digest);
    return digest_hex(arena, digest, sizeof(digest));
}
