#include "base/http_url.h"

#include "base/attrs.h"
#include "base/authority.h"
#include "base/text.h"

#include <string.h>

/* Returns what follows the scheme; NULL: it is another one. */
static const char *after_scheme(const char *text)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (text_starts_with(text, schemes[i]))
            return text + strlen(schemes[i]);
    }
    return NULL;
}

/* "", or a path with an optional query: visible characters, without a fragment. */
static bool is_path(const char *text)
{
    if (text[0] != '\0' && text[0] != '/')
        return false;
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text > '~' || *text == '#')
            return false;
    }
    return true;
}

bool http_url_read(const char *text, struct http_url *out)
{
    const char *start = after_scheme(text);
    struct authority authority;

    if (start == NULL || strlen(text) > HTTP_URL_MAX_CHARS ||
        !authority_read(start, &authority) || !is_path(start + authority.length))
        return false;
    const char *path = start + authority.length;
    *out = (struct http_url){
        .path = path,
        .origin_length = (size_t)(path - text),
        .has_query = strchr(path, '?') != NULL,
    };
    return true;
}
