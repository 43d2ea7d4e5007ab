/*
 * The URLs that the program sends requests to, as options name them.
 */
#ifndef BASE_HTTP_URL_H
#define BASE_HTTP_URL_H

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_URL_MAX_CHARS = 2048 };

/* The parts of a URL; they point into the text that was read. */
struct http_url {
    const char *path;     /* with the query; "" if there is neither */
    size_t origin_length; /* of the scheme and the authority, before the path */
    bool has_query;
};

/*
 * Reads http://host[:port][/path[?query]] or the same with https. False, with *out
 * untouched, if the text is something else: it is longer than HTTP_URL_MAX_CHARS, names a
 * user, has a fragment, or a character that is not valid in a URL without encoding.
 */
bool http_url_read(const char *text, struct http_url *out);

#endif
