/*
 * A header of an HTTP message, shared by the code that sends it and the code that signs
 * it.
 */
#ifndef BASE_HTTP_HEADER_H
#define BASE_HTTP_HEADER_H

/* A list of them ends with a NULL name. */
struct http_header {
    const char *name;
    const char *value;
};

#endif
