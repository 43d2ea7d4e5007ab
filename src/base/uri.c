#include "base/uri.h"

#include "base/authority.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The decoded text of a part, or NULL if it cannot be decoded. */
static const char *decode_part(struct arena *arena, const char *part, size_t length,
                               bool plus_is_space)
{
    char *text = arena_alloc(arena, length + 1);
    size_t used = 0;

    for (size_t i = 0; i < length; i++) {
        char c = part[i];
        if (c == '%') {
            int high = i + 1 < length ? hex_value(part[i + 1]) : -1;
            int low = i + 2 < length ? hex_value(part[i + 2]) : -1;
            if (high < 0 || low < 0 || (high == 0 && low == 0))
                return NULL;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        text[used++] = c;
    }
    return utf8_valid(text, used) ? text : NULL;
}

static int parse_pair(struct arena *arena, const char *part, size_t length,
                      struct uri_pair *out)
{
    const char *equals = memchr(part, '=', length);
    size_t name_length = equals != NULL ? (size_t)(equals - part) : length;

    out->name = decode_part(arena, part, name_length, true);
    out->value = "";
    if (equals != NULL)
        out->value = decode_part(arena, equals + 1, length - name_length - 1, true);
    return out->name != NULL && out->value != NULL ? 0 : -1;
}

/* Parses a query, which ends with the target or at its fragment. */
static int parse_query(struct arena *arena, const char *query, struct uri *out)
{
    out->query = arena_alloc(arena, URI_MAX_QUERY_PAIRS * sizeof(*out->query));
    while (*query != '\0' && *query != '#') {
        size_t length = strcspn(query, "&#");
        if (length > 0) {
            if (out->query_count == URI_MAX_QUERY_PAIRS)
                return -1;
            if (parse_pair(arena, query, length, &out->query[out->query_count++]) != 0)
                return -1;
        }
        query += length;
        query += *query == '&';
    }
    return 0;
}

/* What follows the scheme of an http or https URL, or NULL. Schemes may be in any case.
 */
static const char *after_scheme(const char *url)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        size_t length = strlen(schemes[i]);
        if (strncasecmp(url, schemes[i], length) == 0)
            return url + length;
    }
    return NULL;
}

const char *uri_origin_form(struct arena *arena, const char *target,
                            const char **authority)
{
    const char *start = after_scheme(target);
    struct authority found;

    *authority = NULL;
    if (start == NULL || !authority_read(start, &found) ||
        strchr("/?#", start[found.length]) == NULL)
        return target;
    *authority = arena_strndup(arena, start, found.length);
    const char *rest = start + found.length;
    return rest[0] == '/' ? rest : arena_join(arena, "/", rest, NULL);
}

const char *uri_path(struct arena *arena, const char *target)
{
    if (target[0] != '/')
        return NULL;
    return decode_part(arena, target, strcspn(target, "?#"), false);
}

int uri_parse(struct arena *arena, const char *target, struct uri *out)
{
    size_t path_length = strcspn(target, "?#");
    struct uri uri = {.path = uri_path(arena, target)};

    if (uri.path == NULL)
        return -1;
    if (target[path_length] == '?' &&
        parse_query(arena, target + path_length + 1, &uri) != 0)
        return -1;
    *out = uri;
    return 0;
}

char *uri_encode_byte(char *end, unsigned char byte, const char *unencoded)
{
    static const char digits[] = "0123456789ABCDEF";

    if (byte != '\0' && strchr(unencoded, byte) != NULL) {
        *end++ = (char)byte;
    } else {
        *end++ = '%';
        *end++ = digits[byte >> 4];
        *end++ = digits[byte & 15];
    }
    return end;
}

const char *uri_encode(struct arena *arena, const char *text, const char *also)
{
    const char *unencoded = arena_join(arena, URI_UNRESERVED, also, NULL);
    char *encoded = arena_alloc(arena, 3 * strlen(text) + 1);
    char *end = encoded;

    for (; *text != '\0'; text++)
        end = uri_encode_byte(end, (unsigned char)*text, unencoded);
    return encoded;
}
