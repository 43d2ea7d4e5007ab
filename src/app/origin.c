#include "app/origin.h"

#include "base/authority.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* Nobody can register a public name below these. */
static const char *const private_suffixes[] = {
    ".home.arpa", ".internal", ".lan", ".local", ".localhost", ".test",
};

/* Returns the start of an origin's host, or NULL if there is no scheme. */
static const char *after_scheme(const char *origin)
{
    size_t length = strspn(origin, "abcdefghijklmnopqrstuvwxyz0123456789+-.");

    return length > 0 && text_starts_with(origin + length, "://") ? origin + length + 3
                                                                  : NULL;
}

/* Parses the host and port of an origin; false if it is not one. */
static bool read_origin(const char *origin, struct authority *out)
{
    const char *host = after_scheme(origin);

    return host != NULL && authority_read(host, out) && host[out->length] == '\0';
}

static bool is_web_page(const char *origin)
{
    return text_starts_with(origin, "http://") || text_starts_with(origin, "https://");
}

/* Browsers omit the default port, so an origin with it never matches. */
static bool names_default_port(const char *origin)
{
    return (text_starts_with(origin, "http://") && text_ends_with(origin, ":80")) ||
           (text_starts_with(origin, "https://") && text_ends_with(origin, ":443"));
}

bool origin_is_listable(const char *text)
{
    struct authority page;

    return strcmp(text, "*") == 0 ||
           (read_origin(text, &page) && !names_default_port(text));
}

static bool list_has(const struct config_list *allowed, const char *origin)
{
    for (int64_t i = 0; i < allowed->count; i++) {
        if (strcasecmp(allowed->values[i], origin) == 0)
            return true;
    }
    return false;
}

bool origin_allowed(const struct config_list *allowed, const char *origin)
{
    struct authority page;

    if (allowed->count == 0)
        return is_web_page(origin) && read_origin(origin, &page) &&
               authority_is_loopback(&page);
    return list_has(allowed, "*") || list_has(allowed, origin);
}

bool origin_site_allowed(const struct config_list *allowed, const char *site,
                         const char *host)
{
    struct authority called;

    if (strcmp(site, "cross-site") == 0)
        return list_has(allowed, "*");
    if (strcmp(site, "same-site") != 0 || list_has(allowed, "*"))
        return true;
    return allowed->count == 0 && authority_read(host, &called) &&
           host[called.length] == '\0' && authority_is_loopback(&called);
}

static bool is_same_host(const struct authority *one, const struct authority *other)
{
    return one->host_length == other->host_length &&
           strncasecmp(one->host, other->host, one->host_length) == 0;
}

static bool is_private_name(const struct authority *name)
{
    const char *end = name->host + name->host_length;

    if (memchr(name->host, '.', name->host_length) == NULL)
        return true; /* a container, a service, a machine in the same network */
    for (size_t i = 0; i < COUNT_OF(private_suffixes); i++) {
        size_t length = strlen(private_suffixes[i]);
        if (name->host_length > length &&
            strncasecmp(end - length, private_suffixes[i], length) == 0)
            return true;
    }
    return false;
}

bool origin_host_allowed(const struct config_list *allowed, const char *own,
                         const char *host)
{
    struct authority called, known;

    if (list_has(allowed, "*"))
        return true;
    if (!authority_read(host, &called) || host[called.length] != '\0')
        return false;
    if (called.kind != HOST_NAME || is_private_name(&called))
        return true;
    for (int64_t i = 0; i < allowed->count; i++) {
        if (read_origin(allowed->values[i], &known) && is_same_host(&known, &called))
            return true;
    }
    return authority_read(own, &known) && is_same_host(&known, &called);
}
