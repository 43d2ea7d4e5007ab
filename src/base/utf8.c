#include "base/utf8.h"

#include <string.h>

#include <unictype.h>
#include <unistr.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Most text is ASCII. How many bytes of it there are at the beginning, eight by eight. */
static size_t ascii_length(const char *bytes, size_t length)
{
    size_t at = 0;
    uint64_t eight;

    for (; length - at >= sizeof(eight); at += sizeof(eight)) {
        memcpy(&eight, bytes + at, sizeof(eight));
        if ((eight & HIGH_BITS) != 0)
            break;
    }
    return at;
}

bool utf8_valid(const char *bytes, size_t length)
{
    size_t ascii = ascii_length(bytes, length);

    return u8_check((const uint8_t *)bytes + ascii, length - ascii) == NULL;
}

size_t utf8_chars(const char *text)
{
    size_t length = strlen(text), ascii = ascii_length(text, length);

    return ascii + u8_mbsnlen((const uint8_t *)text + ascii, length - ascii);
}

size_t utf8_prefix(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);

    if (length <= most)
        return length;
    /* 10xxxxxx goes on with a character that began before. */
    for (length = most; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
        length--;
    return length;
}

bool utf8_all_words_or(const char *text, const char *others)
{
    const uint32_t words = UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_Z;
    const uint8_t *at = (const uint8_t *)text;
    ucs4_t c;

    while ((at = u8_next(&c, at)) != NULL) {
        bool other = c < 0x80 && strchr(others, (int)c) != NULL;
        if (!other && !uc_is_general_category_withtable(c, words))
            return false;
    }
    return true;
}
