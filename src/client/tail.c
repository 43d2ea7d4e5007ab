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

static const char *text_of(const cJSON *object, const char *name)
{
    return json_string_or(object, name, "");
}

static double number_of(const cJSON *object, const char *name)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, name);

    return number != NULL ? number->valuedouble : 0;
}

static void print_request(const cJSON *entry)
{
    const char *operation = text_of(entry, "operation");

    if (operation[0] != '\0')
        printf("%s", operation);
    else
        printf("%s %s", text_of(entry, "method"), text_of(entry, "path"));
    printf(" %d", (int)number_of(entry, "status"));
    if (json_has(entry, "error"))
        printf(" %s: %s", text_of(entry, "error"), text_of(entry, "message"));
    printf("  %.1f ms", number_of(entry, "durationMicros") / 1000);
}

static void print_event(const cJSON *entry)
{
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(entry, "detail");
    const cJSON *resources = cJSON_GetObjectItemCaseSensitive(entry, "resources");
    const cJSON *resource = cJSON_GetArrayItem(resources, 0);

    printf("event %s %s  %s", text_of(entry, "detail-type"),
           json_string_or(detail, "event_name",
                          json_string_or(detail, "recording_status", "")),
           cJSON_IsString(resource) ? resource->valuestring : "");
}

static void print_stream(const cJSON *entry)
{
    printf("stream %s  %s %s", text_of(entry, "change"), text_of(entry, "channelName"),
           text_of(entry, "channelArn"));
}

static void print_fault(const cJSON *entry)
{
    printf("fault %s %s %s", text_of(entry, "action"), text_of(entry, "faultId"),
           text_of(entry, "operation"));
}

static void print_clock(const cJSON *entry)
{
    printf("clock +%.0f s, now %s", number_of(entry, "offsetSeconds"),
           text_of(entry, "now"));
}

static void print_gap(const cJSON *entry)
{
    printf("gap: more happened than is printed here (%s)", text_of(entry, "reason"));
}

static const struct {
    const char *kind;
    void (*print)(const cJSON *entry);
} kinds[] = {
    {"request", print_request},
    {"event",   print_event  },
    {"stream",  print_stream },
    {"fault",   print_fault  },
    {"clock",   print_clock  },
    {"gap",     print_gap    },
};

static void print_line(const char *kind, const cJSON *entry)
{
    const char *time = text_of(entry, "time");

    if (strlen(time) > CLOCK_AT + CLOCK_CHARS)
        printf("%.*s  ", (int)CLOCK_CHARS, time + CLOCK_AT);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            kinds[i].print(entry);
    }
    if (json_has(entry, "account"))
        printf("  %s/%s", text_of(entry, "account"), text_of(entry, "region"));
    printf("\n");
}

static void print_entry(const struct tail *tail, const char *data)
{
    const char *why;
    cJSON *entry AUTO(json_done) = json_read(data, strlen(data), &why);

    if (entry == NULL)
        return;
    if (tail->client->settings->json) {
        cJSON *named AUTO(json_done) = cJSON_CreateObject();
        cJSON_AddStringToObject(named, "kind", tail->kind);
        cJSON_AddItemReferenceToObject(named, "data", entry);
        client_print_json(tail->client, named);
    } else {
        print_line(tail->kind, entry);
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
