/*
 * The page that a browser gets at the root of the server and of the control API: what
 * this is and how to call it. It contains all it needs and loads nothing.
 */
#ifndef APP_PAGE_H
#define APP_PAGE_H

#include <stdbool.h>

#include "http/server.h"

/*
 * Responds to a GET or HEAD of one of these paths by a client that prefers HTML. Returns
 * false, with the response untouched, for every other request. `host` is the host and
 * port that the client used, and `region` the default region; both are part of the page
 * unchanged, so they must contain nothing that HTML or a shell would interpret.
 */
bool page_respond(const struct http_request *request, const char *host,
                  const char *region, struct http_response *response);

#endif
