#include "base/gzip.h"

#include "base/bug.h"

#include <limits.h>

#define ZLIB_CONST /* its input is const */
#include <zlib.h>

/* zlib's own default, and what makes the format gzip instead of its own. */
enum { MEMORY_LEVEL = 8, GZIP_WINDOW_BITS = 15 + 16 };

const char *gzip_compress(struct arena *arena, const char *bytes, size_t length,
                          size_t *out_length)
{
    z_stream stream = {0};

    if (length > UINT_MAX / 2)
        BUG("%zu bytes are compressed in one step", length);
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW_BITS,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        BUG("zlib: out of memory");
    size_t room = deflateBound(&stream, (uLong)length);
    char *out = arena_take(arena, room);
    stream.next_in = (const Bytef *)bytes;
    stream.avail_in = (uInt)length;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        BUG("zlib: %zu bytes do not fit into %zu", length, room);
    *out_length = room - stream.avail_out;
    (void)deflateEnd(&stream);
    return out;
}
