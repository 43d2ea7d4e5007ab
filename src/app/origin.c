#include "app/origin.h"

#include "base/authority.h"
#include "base/text.h"

#include <string.h>

/* Reads the host and port of a web page's origin; false if it is no web page's. */
static bool read_origin(const char *origin, struct authority *out)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (text_starts_with(origin, schemes[i]))
            return authority_read(origin + strlen(schemes[i]), out) &&
                   out->host[out->length] == '\0';
    }
    return false;
}

bool origin_allowed(const struct config_list *allowed, const char *origin)
{
    struct authority page;

    for (int64_t i = 0; i < allowed->count; i++) {
        if (strcmp(allowed->values[i], "*") == 0 ||
            strcmp(allowed->values[i], origin) == 0)
            return true;
    }
    return allowed->count == 0 && read_origin(origin, &page) &&
           authority_is_loopback(&page);
}
