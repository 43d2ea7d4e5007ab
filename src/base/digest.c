#include "base/digest.h"

#include "base/bug.h"
#include "base/memory.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

struct digest_stream {
    gnutls_hash_hd_t hash;
};

/* These functions accept any bytes; a failure means that the library is broken or forbids
 * the algorithm. */
static void require_success(int code)
{
    if (code != GNUTLS_E_SUCCESS)
        BUG("a digest failed: %s", gnutls_strerror(code));
}

void digest_sha1(const void *bytes, size_t length, unsigned char out[DIGEST_SHA1_BYTES])
{
    require_success(gnutls_hash_fast(GNUTLS_DIG_SHA1, bytes, length, out));
}

void digest_sha256(const void *bytes, size_t length,
                   unsigned char out[DIGEST_SHA256_BYTES])
{
    require_success(gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, length, out));
}

void digest_hmac_sha256(const void *key, size_t key_length, const void *bytes,
                        size_t length, unsigned char out[DIGEST_SHA256_BYTES])
{
    require_success(
        gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, key_length, bytes, length, out));
}

struct digest_stream *digest_stream_new(void)
{
    struct digest_stream *stream = mem_zalloc(sizeof(*stream));

    require_success(gnutls_hash_init(&stream->hash, GNUTLS_DIG_SHA256));
    return stream;
}

void digest_stream_add(struct digest_stream *stream, const void *bytes, size_t length)
{
    require_success(gnutls_hash(stream->hash, bytes, length));
}

void digest_stream_end(struct digest_stream *stream,
                       unsigned char out[DIGEST_SHA256_BYTES])
{
    gnutls_hash_output(stream->hash, out);
}

void digest_stream_free(struct digest_stream *stream)
{
    if (stream == NULL)
        return;
    gnutls_hash_deinit(stream->hash, NULL);
    free(stream);
}

void digest_stream_done(struct digest_stream **stream)
{
    digest_stream_free(*stream);
}

const char *digest_hex(struct arena *arena, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * length + 1);

    for (size_t i = 0; i < length; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return text;
}

bool digest_equal(const void *a, const void *b, size_t length)
{
    return gnutls_memcmp(a, b, length) == 0;
}
