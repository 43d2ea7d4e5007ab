/*
 * Origins: which web pages may use this server.
 *
 * In every request except a GET or HEAD to the page's own host, a browser sends the
 * page's origin. For those, the host name is checked: a page whose name was pointed at
 * this machine after it was loaded (DNS rebinding) calls the server by the page's own
 * name.
 */
#ifndef APP_ORIGIN_H
#define APP_ORIGIN_H

#include <stdbool.h>

#include "app/config.h"

/* Whether it can be in the list: * or what a browser sends for a page that has a host. */
bool origin_is_listable(const char *text);

/*
 * Whether an Origin header's value is allowed: it is in the list, the list has *, or the
 * list is empty and the origin is on this machine (localhost, 127.0.0.0/8, [::1]).
 */
bool origin_allowed(const struct config_list *allowed, const char *origin);

/*
 * Whether a Host header's value excludes that a page which is not allowed sent the
 * request: it is an address, a name that nobody can own on the public Internet, `own`, or
 * the host of a listed origin; or the list has *.
 */
bool origin_host_allowed(const struct config_list *allowed, const char *own,
                         const char *host);

#endif
