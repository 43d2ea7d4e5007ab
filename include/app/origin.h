/*
 * Which web pages may talk to this server.
 */
#ifndef APP_ORIGIN_H
#define APP_ORIGIN_H

#include <stdbool.h>

#include "app/config.h"

/*
 * Whether an Origin header's value is allowed: it is in the list, the list has *, or the
 * list is empty and the origin is a page of this machine (localhost, 127.0.0.0/8, [::1]).
 */
bool origin_allowed(const struct config_list *allowed, const char *origin);

#endif
