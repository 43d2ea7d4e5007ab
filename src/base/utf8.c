#include "base/utf8.h"

#include <string.h>

#include <unictype.h>
#include <unistr.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Most text is ASCII. The number of ASCII bytes at the beginning, counted eight at a
 * time. */
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

size_t utf8_valid_length(const char *bytes, size_t length)
{
    size_t ascii = ascii_length(bytes, length);
    const uint8_t *first = (const uint8_t *)bytes;
    const uint8_t *invalid = u8_check(first + ascii, length - ascii);

    return invalid == NULL ? length : (size_t)(invalid - first);
}

bool utf8_valid(const char *bytes, size_t length)
{
    return utf8_valid_length(bytes, length) == length;
}

bool utf8_continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The possible first bytes of characters, and what may follow them (Unicode, table
 * 3-7). */
static const struct lead {
    unsigned char first, last; /* the range of first bytes of this row */
    unsigned char missing;
    unsigned char low, high; /* the range of the second byte; all others are 80 to bf */
} leads[] = {
    {0x00, 0x7f, 0, 0x00, 0x00},
    {0xc2, 0xdf, 1, 0x80, 0xbf},
    {0xe0, 0xe0, 2, 0xa0, 0xbf},
    {0xe1, 0xec, 2, 0x80, 0xbf},
    {0xed, 0xed, 2, 0x80, 0x9f},
    {0xee, 0xef, 2, 0x80, 0xbf},
    {0xf0, 0xf0, 3, 0x90, 0xbf},
    {0xf1, 0xf3, 3, 0x80, 0xbf},
    {0xf4, 0xf4, 3, 0x80, 0x8f},
};

static bool begin_character(struct utf8_check *check, unsigned char c)
{
    for (size_t i = 0; i < COUNT_OF(leads); i++) {
        if (c >= leads[i].first && c <= leads[i].last) {
            *check = (struct utf8_check){leads[i].missing, leads[i].low, leads[i].high};
            return true;
        }
    }
    return false;
}

static bool continue_character(struct utf8_check *check, unsigned char c)
{
    if (c < check->low || c > check->high)
        return false;
    *check = (struct utf8_check){(unsigned char)(check->missing - 1), 0x80, 0xbf};
    return true;
}

bool utf8_check_piece(struct utf8_check *check, const char *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        if (check->missing == 0)
            at += ascii_length(bytes + at, length - at);
        if (at == length)
            break;
        unsigned char c = (unsigned char)bytes[at++];
        if (!(check->missing == 0 ? begin_character(check, c)
                                  : continue_character(check, c)))
            return false;
    }
    return true;
}

bool utf8_check_ends(const struct utf8_check *check)
{
    return check->missing == 0;
}

size_t utf8_chars(const char *text)
{
    size_t length = strlen(text), ascii = ascii_length(text, length);

    return ascii + u8_mbsnlen((const uint8_t *)text + ascii, length - ascii);
}

size_t utf8_prefix(const char *text, size_t max_bytes)
{
    size_t length = strnlen(text, max_bytes + 1);

    if (length <= max_bytes)
        return length;
    for (length = max_bytes; length > 0 && utf8_continues(text[length]);)
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
