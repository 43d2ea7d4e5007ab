/*
 * The headers of every answer.
 */
#ifndef COMMON_HEADERS_H
#define COMMON_HEADERS_H

#include "base/http_header.h"

/* Those that the real ivs and ivs-realtime send with every answer, success or error.
 * Their models bind them to members of the errors. Ends with a NULL name. */
extern const struct http_header common_headers[];

#endif
