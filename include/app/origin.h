/*
 * Which web pages may talk to this server.
 *
 * A page's browser names the page's origin in every request but a GET or HEAD to the
 * page's own host. For those the host name tells: a page whose name was pointed at this
 * machine after it was loaded (DNS rebinding) calls the server by its own name.
 */
#ifndef APP_ORIGIN_H
#define APP_ORIGIN_H

#include <stdbool.h>

#include "app/config.h"

/* Whether it can be in the list: * or what a browser sends for a page with a name. */
bool origin_is_listable(const char *text);

/*
 * Whether an Origin header's value is allowed: it is in the list, the list has *, or the
 * list is empty and the origin is a page of this machine (localhost, 127.0.0.0/8, [::1]).
 */
bool origin_allowed(const struct config_list *allowed, const char *origin);

/*
 * Whether no page but an allowed one can be behind a Host header's value: it is an
 * address, a name that nobody can own on the public Internet, `own`, or the host of a
 * listed origin; or the list has *.
 */
bool origin_host_allowed(const struct config_list *allowed, const char *own,
                         const char *host);

#endif
