#include "target_internal.h"

#include "base/authority.h"
#include "base/secret.h"
#include "events/delivery.h"

#include <string.h>

enum { URL_MAX_CHARS = 2048 };

/* A webhook receives the unchanged envelope. Fidelity: common-delivery-1 */
static void compose_webhook(struct arena *arena, const struct place *place,
                            const struct event *event, struct http_client_request *out)
{
    static const struct http_header headers[] = {
        {"Content-Type", "application/json; charset=utf-8"},
        {NULL,           NULL                             },
    };

    (void)arena;
    *out = (struct http_client_request){
        .method = "POST",
        .url = place->url,
        .headers = headers,
        .body = event->envelope,
        .body_length = strlen(event->envelope),
    };
}

/* As API destinations of EventBridge do; 408 is a timeout, which is retried too. A
 * redirect counts as a refusal. Fidelity: common-delivery-2 */
static bool is_retryable_status(int status)
{
    static const int passing[] = {401, 407, 408, 409, 429};

    for (size_t i = 0; i < COUNT_OF(passing); i++) {
        if (passing[i] == status)
            return true;
    }
    return status >= 500;
}

enum verdict target_judge_status(struct arena *arena, const struct http_result *result,
                                 const char **why)
{
    if (result->status >= 200 && result->status < 300)
        return VERDICT_DELIVERED;
    *why = arena_printf(arena, "status %d", result->status);
    return is_retryable_status(result->status) ? VERDICT_RETRY : VERDICT_REFUSED;
}

static const struct protocol webhook = {
    .compose = compose_webhook,
    .judge = target_judge_status,
};

static const struct {
    const char *prefix;
    size_t url_at; /* offset of the URL to post to */
    const struct protocol *protocol;
} schemes[] = {
    {"http://",              0,                         &webhook   },
    {"https://",             0,                         &webhook   },
    {"eventbridge+http://",  sizeof "eventbridge+" - 1, &put_events},
    {"eventbridge+https://", sizeof "eventbridge+" - 1, &put_events},
};

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

const struct protocol *target_read(struct arena *arena, const char *url,
                                   struct place *out)
{
    if (strlen(url) > URL_MAX_CHARS)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        struct authority authority;
        if (strncmp(url, schemes[i].prefix, strlen(schemes[i].prefix)) != 0)
            continue;
        if (!authority_read(url + strlen(schemes[i].prefix), &authority))
            return NULL;
        const char *path = authority.host + authority.length;
        bool is_bus = schemes[i].protocol == &put_events;
        if (!is_path(path) || (is_bus && path[0] != '\0' && strcmp(path, "/") != 0))
            return NULL;
        *out = (struct place){
            .url = arena_strdup(arena, url + schemes[i].url_at),
            .label = arena_strndup(arena, url, (size_t)(path - url)),
        };
        return schemes[i].protocol;
    }
    return NULL;
}

const char *delivery_target_shown(struct arena *arena, const char *url)
{
    struct place place;

    if (target_read(arena, url, &place) == NULL)
        return SECRET_HIDDEN;
    const char *path = url + strlen(place.label);
    return path[0] == '\0' || strcmp(path, "/") == 0
               ? url
               : arena_printf(arena, "%s/%s", place.label, SECRET_HIDDEN);
}

bool delivery_takes_target(const char *url)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct place place;

    return target_read(arena, url, &place) != NULL;
}
