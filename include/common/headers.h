/*
 * The headers of every response.
 */
#ifndef COMMON_HEADERS_H
#define COMMON_HEADERS_H

#include "base/http_header.h"

/* The headers that the real ivs and ivs-realtime send with every response, success or
 * error. Their models bind them to members of the errors. Ends with a NULL name. */
extern const struct http_header common_headers[];

#endif
