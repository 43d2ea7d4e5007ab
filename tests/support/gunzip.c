#include "gunzip.h"

#define ZLIB_CONST
#include <zlib.h>

#include "cmocka_all.h"

enum { TEXT_MAX_BYTES = 4 * 1024 * 1024, GZIP_WINDOW_BITS = 15 + 16 };

const char *gunzip_text(struct arena *arena, const char *bytes, size_t length)
{
    z_stream stream = {0};
    char *text = arena_alloc(arena, TEXT_MAX_BYTES + 1);

    assert_int_equal(inflateInit2(&stream, GZIP_WINDOW_BITS), Z_OK);
    stream.next_in = (const Bytef *)bytes;
    stream.avail_in = (uInt)length;
    stream.next_out = (Bytef *)text;
    stream.avail_out = TEXT_MAX_BYTES;
    int code = inflate(&stream, Z_FINISH);
    (void)inflateEnd(&stream);
    assert_int_equal(code, Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    return text;
}
