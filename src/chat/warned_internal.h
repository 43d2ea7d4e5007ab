/*
 * The names that the log has a line about, for lines that are logged once for each name.
 */
#ifndef CHAT_WARNED_INTERNAL_H
#define CHAT_WARNED_INTERNAL_H

#include <stdbool.h>

#include "base/attrs.h"

/* There are no lines about further names. */
enum { WARNED_MAX = 100 };

struct warned;

struct warned *warned_new(void) NODISCARD;

/* NULL is fine. */
void warned_free(struct warned *warned);

/* Whether there is to be a line: the name is new. Any thread may call this. */
bool warned_is_new(struct warned *warned, const char *name);

#endif
