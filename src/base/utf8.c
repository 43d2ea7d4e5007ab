#include "base/utf8.h"

#include <string.h>

#include <unictype.h>
#include <unistr.h>

bool utf8_valid(const char *bytes, size_t length)
{
    return u8_check((const uint8_t *)bytes, length) == NULL;
}

size_t utf8_chars(const char *text)
{
    return u8_mbsnlen((const uint8_t *)text, strlen(text));
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
