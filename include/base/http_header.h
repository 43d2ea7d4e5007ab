/*
 * A header of an HTTP message, for those who send it and those who sign it.
 */
#ifndef BASE_HTTP_HEADER_H
#define BASE_HTTP_HEADER_H

/* A list of them ends with a NULL name. */
struct http_header {
    const char *name;
    const char *value;
};

#endif
