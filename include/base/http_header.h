/*
 * A header of an HTTP message, shared by the code that sends it and the code that signs
 * it.
 */
#ifndef BASE_HTTP_HEADER_H
#define BASE_HTTP_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"

/* A list of them ends with a NULL name. Names are compared in any case. */
struct http_header {
    const char *name;
    const char *value;
};

/* NULL counts as an empty list. */
size_t http_header_count(const struct http_header *headers);

/* The value of the first header of that name; NULL: there is none. */
const char *http_header_find(const struct http_header *headers, const char *name);

/* The value of the only header of that name; NULL: there is none, or more than one. */
const char *http_header_find_single(const struct http_header *headers, const char *name);

/* Whether a header of that name, whose value is a list, has the element, in any case. */
bool http_header_lists(const struct http_header *headers, const char *name,
                       const char *element);

/* The next element of a list with commas that is not empty (RFC 9110, section 5.6.1), and
 * its length; *at moves behind it. NULL: there is none. */
const char *http_header_next_element(const char **at, size_t *length);

/* Removes the optional white space and the line break at both ends of a value (RFC 9112,
 * section 5): returns its beginning, and changes *length to what is left. */
const char *http_header_trim(const char *value, size_t *length);

#endif
