#include "target_internal.h"

#include "base/http_url.h"
#include "base/secret.h"
#include "base/text.h"
#include "events/delivery.h"

#include <string.h>

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

#define BUS_PREFIX "eventbridge+"

/* Reads the URL of an EventBridge, which has no path. */
static bool read_bus(const char *url, struct http_url *out)
{
    return http_url_read(url, out) &&
           (out->path[0] == '\0' || strcmp(out->path, "/") == 0);
}

const struct protocol *target_read(struct arena *arena, const char *url,
                                   struct place *out)
{
    bool is_bus = text_starts_with(url, BUS_PREFIX);
    const char *where = url + (is_bus ? strlen(BUS_PREFIX) : 0);
    struct http_url parts;
    bool is_read = is_bus ? read_bus(where, &parts) : http_url_read(where, &parts);

    if (!is_read || strlen(url) > HTTP_URL_MAX_CHARS)
        return NULL;
    *out = (struct place){
        .url = arena_strdup(arena, where),
        .label = arena_strndup(arena, url, (size_t)(parts.path - url)),
    };
    return is_bus ? &put_events : &webhook;
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
