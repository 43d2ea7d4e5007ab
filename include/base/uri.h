/*
 * The parsed target of a request line: /tags/arn%3Aaws...?tagKeys=a&tagKeys=b
 */
#ifndef BASE_URI_H
#define BASE_URI_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

struct uri_pair {
    const char *name;
    const char *value; /* "" if there is no = */
};

/* The only reading of a query: operations use it, and signatures are verified with it. A
 * fragment belongs to neither part. */
struct uri {
    const char *path; /* percent-decoded */
    /* Percent-decoded, + decoded as a space; in order, with repeats.
     * Fidelity: common-auth-9 */
    struct uri_pair *query;
    size_t query_count;
};

enum { URI_MAX_QUERY_PAIRS = 256 };

/*
 * Parses `target` into *out; all of it lives in the arena. -1, with *out untouched, if it
 * does not begin with a slash, has invalid percent-encoding, decodes to a zero byte or to
 * something that is not UTF-8, or has more than URI_MAX_QUERY_PAIRS pairs.
 */
int uri_parse(struct arena *arena, const char *target, struct uri *out) NODISCARD;

/*
 * The path and query of a target in absolute form, http://host:port/path?query (RFC 9112,
 * section 3.2.2); *authority, in the arena, is "host:port". Any other target is returned
 * as it is, with *authority NULL: also one whose authority contains a user or is not
 * accepted by authority_read().
 */
const char *uri_origin_form(struct arena *arena, const char *target,
                            const char **authority) NODISCARD;

/* The decoded path of `target`, in the arena. NULL: the target does not begin with a
 * slash, or its path cannot be decoded. The rest of the target is ignored. */
const char *uri_path(struct arena *arena, const char *target) NODISCARD;

/* The characters that need no encoding anywhere (RFC 3986, section 2.3). */
#define URI_UNRESERVED                                                                   \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

/* Appends a byte, unchanged if it is one of `unencoded`, or else percent-encoded in 3
 * bytes; returns the new end. */
char *uri_encode_byte(char *end, unsigned char byte, const char *unencoded) NODISCARD;

/* The text with every byte percent-encoded except the unreserved characters and those of
 * `also`. */
const char *uri_encode(struct arena *arena, const char *text, const char *also) NODISCARD;

#endif
