#include "base/base64.h"

#include <string.h>

static const char usual_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t encoded_chars(size_t bytes)
{
    return (bytes * 8 + 5) / 6;
}

/* How many '=' must follow that many characters. */
static size_t padding(size_t chars)
{
    return (4 - chars % 4) % 4;
}

/* Writes the characters that encode the bytes, without a terminating zero. */
static void encode_bytes(const char *alphabet, const unsigned char *bytes, size_t length,
                         char *text)
{
    size_t chars = encoded_chars(length);

    for (size_t i = 0; i < chars; i++) {
        size_t bit = i * 6;
        unsigned pair = (unsigned)bytes[bit / 8] << 8;
        if (bit / 8 + 1 < length)
            pair |= bytes[bit / 8 + 1];
        text[i] = alphabet[(pair >> (10 - bit % 8)) & 63];
    }
}

const char *base64_encode(struct arena *arena, const unsigned char *bytes, size_t length)
{
    size_t chars = encoded_chars(length);
    char *text = arena_alloc(arena, chars + padding(chars) + 1);

    encode_bytes(usual_alphabet, bytes, length, text);
    memset(text + chars, '=', padding(chars));
    return text;
}

const char *base64url_encode(struct arena *arena, const unsigned char *bytes,
                             size_t length)
{
    char *text = arena_alloc(arena, encoded_chars(length) + 1);

    encode_bytes(url_alphabet, bytes, length, text);
    return text;
}

/* Decodes the first `chars` characters of the text, which must have that many. */
static int decode_chars(const char *alphabet, const char *text, size_t chars,
                        unsigned char *out)
{
    size_t byte = 0;
    unsigned held = 0;
    int held_bits = 0;

    for (size_t i = 0; i < chars; i++) {
        const char *found = strchr(alphabet, text[i]);
        if (found == NULL)
            return -1;
        held = (held << 6 | (unsigned)(found - alphabet)) & 0x3fff;
        held_bits += 6;
        if (held_bits >= 8) {
            held_bits -= 8;
            out[byte++] = (unsigned char)(held >> held_bits);
        }
    }
    /* The remaining bits must be zero, or two texts would decode to the same bytes. */
    return (held & ((1U << held_bits) - 1)) == 0 ? 0 : -1;
}

int base64_decode(const char *text, unsigned char *out, size_t length)
{
    size_t chars = encoded_chars(length);

    if (strlen(text) != chars + padding(chars) ||
        strspn(text + chars, "=") != padding(chars))
        return -1;
    return decode_chars(usual_alphabet, text, chars, out);
}

int base64url_decode(const char *text, unsigned char *out, size_t length)
{
    size_t chars = encoded_chars(length);

    if (strlen(text) != chars)
        return -1;
    return decode_chars(url_alphabet, text, chars, out);
}
