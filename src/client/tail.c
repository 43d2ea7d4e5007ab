/*
 * tail: what happens on the server, from its stream of server-sent events.
 */
#include "base/buf.h"
#include "base/json.h"
#include "client_internal.h"

#include <stdio.h>
#include <string.h>

enum {
    LINE_MAX_BYTES = 4 * 1024 * 1024, /* of the stream */
    CLOCK_AT = 11,                    /* in a timestamp: after 2026-11-28T */
    CLOCK_CHARS = 8,
};

/* The stream, as far as it has arrived: a line, and the kind of the entry that follows.
 */
struct tail {
    const struct client *client;
    struct buf line;
    char kind[32];
};

static void print_request(const struct client *client, const cJSON *entry)
{
    const char *operation = client_text(client, entry, "operation");

    if (operation[0] != '\0')
        printf("%s", operation);
    else
        printf("%s %s", client_text(client, entry, "method"),
               client_text(client, entry, "path"));
    printf(" %d", (int)client_number(entry, "status"));
    if (json_has(entry, "error"))
        printf(" %s: %s", client_text(client, entry, "error"),
               client_text(client, entry, "message"));
    printf("  %.1f ms", client_number(entry, "durationMicros") / 1000);
}

static void print_event(const struct client *client, const cJSON *entry)
{
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(entry, "detail");
    const cJSON *resources = cJSON_GetObjectItemCaseSensitive(entry, "resources");
    const cJSON *resource = cJSON_GetArrayItem(resources, 0);

    printf("event %s %s  %s", client_text(client, entry, "detail-type"),
           json_string_or(detail, "event_name",
                          json_string_or(detail, "recording_status", "")),
           cJSON_IsString(resource) ? resource->valuestring : "");
}

static void print_stream(const struct client *client, const cJSON *entry)
{
    printf("stream %s  %s %s", client_text(client, entry, "change"),
           client_text(client, entry, "channelName"),
           client_text(client, entry, "channelArn"));
}

static void print_fault(const struct client *client, const cJSON *entry)
{
    printf("fault %s %s %s", client_text(client, entry, "action"),
           client_text(client, entry, "faultId"),
           client_text(client, entry, "operation"));
}

static void print_clock(const struct client *client, const cJSON *entry)
{
    printf("clock +%.0f s, now %s", client_number(entry, "offsetSeconds"),
           client_text(client, entry, "now"));
}

static void print_gap(const struct client *client, const cJSON *entry)
{
    printf("gap: more happened than is printed here (%s)",
           client_text(client, entry, "reason"));
}

static const struct {
    const char *kind;
    void (*print)(const struct client *client, const cJSON *entry);
} kinds[] = {
    {"request", print_request},
    {"event",   print_event  },
    {"stream",  print_stream },
    {"fault",   print_fault  },
    {"clock",   print_clock  },
    {"gap",     print_gap    },
};

static void print_line(const struct client *client, const char *kind, const cJSON *entry)
{
    const char *time = client_text(client, entry, "time");

    if (strlen(time) > CLOCK_AT + CLOCK_CHARS)
        printf("%.*s  ", (int)CLOCK_CHARS, time + CLOCK_AT);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            kinds[i].print(client, entry);
    }
    if (json_has(entry, "account"))
        printf("  %s/%s", client_text(client, entry, "account"),
               client_text(client, entry, "region"));
    printf("\n");
}

static void print_entry(const struct tail *tail, const char *data)
{
    const char *why;
    cJSON *entry AUTO(json_done) = json_read(data, strlen(data), &why);
    struct arena *arena AUTO(arena_done) = arena_new();
    struct client client = *tail->client;

    if (entry == NULL)
        return;
    client.arena = arena; /* tail may run for days */
    if (tail->client->settings->json) {
        cJSON *named AUTO(json_done) = cJSON_CreateObject();
        cJSON_AddStringToObject(named, "kind", tail->kind);
        cJSON_AddItemReferenceToObject(named, "data", entry);
        client_print_json(tail->client, named);
    } else {
        print_line(&client, tail->kind, entry);
    }
    fflush(stdout);
}

/* A line of the stream: our server sends an entry as `event:` and then one `data:`. */
static void take_line(struct tail *tail, const char *line)
{
    static const char begin[] = "retry: ", event[] = "event: ", data[] = "data: ";

    if (strncmp(line, begin, strlen(begin)) == 0)
        (void)client_fail(0, "watching %s", tail->client->settings->url);
    if (strncmp(line, event, strlen(event)) == 0)
        snprintf(tail->kind, sizeof(tail->kind), "%s", line + strlen(event));
    else if (strncmp(line, data, strlen(data)) == 0)
        print_entry(tail, line + strlen(data));
}

static bool receive(void *context, const char *bytes, size_t length)
{
    struct tail *tail = context;

    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\n') {
            buf_add(&tail->line, &bytes[i], 1);
            continue;
        }
        take_line(tail, tail->line.bytes != NULL ? tail->line.bytes : "");
        buf_drop(&tail->line, tail->line.length);
    }
    return !tail->line.overflow && ferror(stdout) == 0;
}

static const char *stream_url(const struct client *client)
{
    const struct client_settings *s = client->settings;
    const char *url = arena_join(client->arena, s->url, "/_ivs-local/watch?", NULL);

    if (s->account != NULL)
        url = arena_join(client->arena, url, "account=", s->account, "&", NULL);
    if (s->region != NULL)
        url = arena_join(client->arena, url, "region=", s->region, "&", NULL);
    if (s->account == NULL && s->region == NULL && s->key_id == NULL)
        url = arena_join(client->arena, url, "allAccounts=true&", NULL);
    for (size_t i = 0; i < client->count; i++)
        url = arena_join(client->arena, url, i == 0 ? "kinds=" : ",", client->words[i],
                         NULL);
    return url;
}

int client_tail(const struct client *client)
{
    struct tail tail = {.client = client};
    struct http_client_request request = {
        .method = "GET",
        .url = stream_url(client),
        .total_timeout_ms = -1,
        .receive = receive,
        .receive_context = &tail,
    };
    struct http_result result;

    for (size_t i = 0; i < client->count; i++) {
        if (strspn(client->words[i], "abcdefghijklmnopqrstuvwxyz") !=
            strlen(client->words[i]))
            return client_fail(CLIENT_USAGE, "%s is not a kind of entry (see --help)",
                               client->words[i]);
    }
    buf_init(&tail.line, LINE_MAX_BYTES);
    int status = client_send(client, &request, &result);
    buf_done(&tail.line);
    return status != 0 ? status
                       : client_fail(CLIENT_FAILED, "the server has ended the stream");
}
