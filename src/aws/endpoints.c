#include "aws/endpoints.h"

#include "base/bug.h"
#include "base/http_url.h"
#include "base/secret.h"

#include <stddef.h>
#include <string.h>

static const struct service {
    const char *prefix;
    size_t offset;
} services[] = {
    {"s3=",       offsetof(struct aws_endpoints, s3)      },
    {"lambda=",   offsetof(struct aws_endpoints, lambda)  },
    {"logs=",     offsetof(struct aws_endpoints, logs)    },
    {"firehose=", offsetof(struct aws_endpoints, firehose)},
};

/* The service that a value names; NULL: none. */
static const struct service *service_of(const char *text)
{
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        if (strncmp(text, services[i].prefix, strlen(services[i].prefix)) == 0)
            return &services[i];
    }
    return NULL;
}

static const char *url_of(const char *text)
{
    const struct service *service = service_of(text);

    return text + (service != NULL ? strlen(service->prefix) : 0);
}

bool aws_endpoint_is(const char *text)
{
    struct http_url url;

    return http_url_read(url_of(text), &url) && !url.has_query;
}

static void set_url(struct aws_endpoints *endpoints, const struct service *service,
                    const char *url)
{
    *(const char **)((char *)endpoints + service->offset) = url;
}

void aws_endpoints_set(struct aws_endpoints *endpoints, struct arena *arena,
                       const char *text)
{
    const struct service *service = service_of(text);
    char *url = arena_strdup(arena, url_of(text));

    if (!aws_endpoint_is(text))
        BUG("%s is no endpoint", text);
    for (size_t length = strlen(url); url[length - 1] == '/'; length--)
        url[length - 1] = '\0';
    if (service != NULL)
        set_url(endpoints, service, url);
    for (size_t i = 0; service == NULL && i < COUNT_OF(services); i++)
        set_url(endpoints, &services[i], url);
}

const char *aws_url_shown(struct arena *arena, const char *url)
{
    struct http_url parts;

    if (!http_url_read(url, &parts))
        return SECRET_HIDDEN;
    return arena_strndup(arena, url, parts.origin_length);
}
