/*
 * wait: until the server is healthy, or until events have come.
 */
#include "base/json.h"
#include "base/monotonic.h"
#include "client_internal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { HEALTH_TIMEOUT_MS = 30000, HEALTH_INTERVAL_MS = 50 };

/* Nothing tells a client that a server has started, so it asks again and again. */
static int wait_for_health(const struct client *client)
{
    const struct timespec interval = {.tv_nsec = HEALTH_INTERVAL_MS * 1000000L};
    const struct http_client_request request = {
        .method = "GET",
        .url =
            arena_join(client->arena, client->settings->url, "/_ivs-local/health", NULL),
    };
    int64_t until_ms = monotonic_ms() + HEALTH_TIMEOUT_MS;
    struct http_result result;

    do {
        http_sender_send(client->sender, &request, client->arena, &result);
        if (result.status == 200)
            return 0;
        nanosleep(&interval, NULL);
    } while (monotonic_ms() < until_ms);
    return result.status == 0
               ? client_fail(CLIENT_FAILED, "nothing answers at %s",
                             client->settings->url)
               : client_fail(CLIENT_FAILED, "%s is not healthy", client->settings->url);
}

static void print_events(const cJSON *response)
{
    const cJSON *event;

    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(response, "events")) {
        const cJSON *detail = cJSON_GetObjectItemCaseSensitive(event, "detail");
        const cJSON *resources = cJSON_GetObjectItemCaseSensitive(event, "resources");
        const cJSON *resource = cJSON_GetArrayItem(resources, 0);
        printf("%s  %s  %s\n", json_string_or(event, "time", ""),
               json_string_or(detail, "event_name",
                              json_string_or(event, "detail-type", "")),
               cJSON_IsString(resource) ? resource->valuestring : "");
    }
}

/* Each word without = is the name of an event. */
int client_wait(const struct client *client)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    cJSON *response AUTO(json_done) = NULL;
    const struct service *service;
    const struct operation *op = client_operation(client, "WaitForEvents", &service);
    int status = op == NULL ? CLIENT_USAGE : 0;

    if (client->count == 0)
        return wait_for_health(client);
    cJSON *events = cJSON_AddArrayToObject(input, "events");
    for (size_t i = 0; i < client->count && status == 0; i++) {
        const char *word = client->words[i];
        if (strchr(word, '=') != NULL) {
            status = client_set_member(client, op, input, word);
            continue;
        }
        cJSON *event = cJSON_CreateObject();
        cJSON_AddStringToObject(event, "eventName", word);
        cJSON_AddItemToArray(events, event);
    }
    if (status == 0)
        status = client_invoke(client, "WaitForEvents", input, &response);
    if (status != 0)
        return status;
    if (client->settings->json)
        client_print_json(client, response);
    else
        print_events(response);
    return 0;
}
