/*
 * A limit on how many things of one kind exist at the same time, such as open sockets or
 * bytes of bodies.
 * Any thread may use it.
 */
#ifndef HTTP_ALLOWANCE_H
#define HTTP_ALLOWANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"

struct allowance;

/* `what` names the things in the log and must be static. */
struct allowance *allowance_new(size_t max, const char *what) NODISCARD;

/* Nothing can be taken from now on, but what was taken may still be given back. NULL is
 * fine. */
void allowance_free(struct allowance *allowance);

/* Counts one more. False: there are as many as the limit allows, which is in the log, but
 * not again before half of them are gone. */
bool allowance_take(struct allowance *allowance) NODISCARD;

/* Counts one less. NULL is fine. */
void allowance_give_back(struct allowance *allowance);

/* The same for `count` things at once: all or none. */
bool allowance_take_many(struct allowance *allowance, size_t count) NODISCARD;
void allowance_give_back_many(struct allowance *allowance, size_t count);

#endif
