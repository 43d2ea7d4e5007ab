/*
 * Origins: which web pages may use this server.
 *
 * Browsers send the page's origin in every request except two kinds of GET and HEAD:
 *
 * - those whose response the page cannot read: of images, frames, links. Instead they say
 *   in Sec-Fetch-Site (W3C Fetch Metadata) how the page is related to the host.
 * - those to the page's own host. For these, the host name is checked: a page whose name
 *   was pointed at this machine after it was loaded (DNS rebinding) calls the server by
 *   the page's own name.
 */
#ifndef APP_ORIGIN_H
#define APP_ORIGIN_H

#include <stdbool.h>

#include "app/config.h"

/* Whether it can be in the list: * or what a browser sends for a page that has a host. */
bool origin_is_listable(const char *text);

/*
 * Whether an Origin header's value is allowed: it is in the list, the list has *, or the
 * list is empty and the origin is on this machine (localhost and names below it,
 * 127.0.0.0/8, [::1]).
 */
bool origin_allowed(const struct config_list *allowed, const char *origin);

/*
 * Whether a request without an origin is allowed, by its header Sec-Fetch-Site. Which
 * page sent it is unknown, so cross-site requires that the list has *. A page on another
 * port of the same host is same-site: it is allowed if the list is empty and `host`, the
 * Host header's value, is this machine. Other values are allowed, also those that are not
 * defined yet: they come from the address bar, or from the server's own pages.
 */
bool origin_site_allowed(const struct config_list *allowed, const char *site,
                         const char *host);

/*
 * Whether a Host header's value excludes that a page which is not allowed sent the
 * request: it is an address, a name that nobody can own on the public Internet, `own`, or
 * the host of a listed origin; or the list has *.
 */
bool origin_host_allowed(const struct config_list *allowed, const char *own,
                         const char *host);

#endif
