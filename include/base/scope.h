/*
 * The owner of resources: an account in a region. Everything stored belongs to one scope
 * and is invisible from every other.
 */
#ifndef BASE_SCOPE_H
#define BASE_SCOPE_H

#include <stdbool.h>

enum {
    SCOPE_ACCOUNT_CHARS = 12,
    SCOPE_REGION_MAX_CHARS = 32,
};

struct scope {
    const char *account; /* 12 digits */
    const char *region;  /* such as us-west-2 */
};

bool scope_equals(struct scope a, struct scope b);

/* 12 digits. */
bool scope_is_account(const char *text);

/* 1 to SCOPE_REGION_MAX_CHARS lower-case letters, digits and hyphens. */
bool scope_is_region(const char *text);

#endif
