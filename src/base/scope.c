#include "base/scope.h"

#include "base/text.h"

#include <string.h>

bool scope_equals(struct scope a, struct scope b)
{
    return strcmp(a.account, b.account) == 0 && strcmp(a.region, b.region) == 0;
}

bool scope_is_account(const char *text)
{
    return strlen(text) == SCOPE_ACCOUNT_CHARS &&
           text_span(text, TEXT_DIGITS, "") == SCOPE_ACCOUNT_CHARS;
}

bool scope_is_region(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && length <= SCOPE_REGION_MAX_CHARS &&
           text_span(text, TEXT_LOWER | TEXT_DIGITS, "-") == length;
}
