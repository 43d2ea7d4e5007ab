#include "base/scope.h"

#include <string.h>

bool scope_is_account(const char *text)
{
    return strlen(text) == SCOPE_ACCOUNT_CHARS &&
           strspn(text, "0123456789") == SCOPE_ACCOUNT_CHARS;
}

bool scope_is_region(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && length <= SCOPE_REGION_MAX_CHARS &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}
