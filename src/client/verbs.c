/*
 * The commands that make one call and print what came of it.
 */
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "client_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STDIN_MAX_BYTES = 1024 * 1024 };

static const char *word_at(const struct client *client, size_t index)
{
    return index < client->count ? client->words[index] : NULL;
}

/* Finds the ARN of the channel with that name. */
static int find_channel(const struct client *client, const char *name, const char **arn)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    cJSON *response AUTO(json_done) = NULL;

    cJSON_AddStringToObject(input, "filterByName", name);
    int status = client_invoke(client, "ListChannels", input, &response);
    if (status != 0)
        return status;
    const cJSON *channels = cJSON_GetObjectItemCaseSensitive(response, "channels");
    int count = cJSON_GetArraySize(channels);
    if (count == 0)
        return client_fail(CLIENT_FAILED,
                           "no channel has the name %s in this account and region; "
                           "ivs-local scopes lists those in use",
                           name);
    if (count > 1)
        return client_fail(CLIENT_FAILED, "%d channels have the name %s; use an ARN",
                           count, name);
    *arn = arena_strdup(client->arena,
                        json_string_or(cJSON_GetArrayItem(channels, 0), "arn", ""));
    return 0;
}

/* Replaces the name of a channel, where an operation has its ARN, by the ARN. */
static int resolve_channel(const struct client *client, cJSON *input)
{
    const char *name = json_string_or(input, "channelArn", NULL), *arn = NULL;

    if (name == NULL || text_starts_with(name, "arn:"))
        return 0;
    /* It is in the account and region that the call is for. */
    struct client_settings settings = *client->settings;
    struct client there = *client;
    settings.account = json_string_or(input, "account", settings.account);
    settings.region = json_string_or(input, "region", settings.region);
    there.settings = &settings;
    int status = find_channel(&there, name, &arn);
    if (status != 0)
        return status;
    json_remove_all(input, "channelArn");
    cJSON_AddStringToObject(input, "channelArn", arn);
    return 0;
}

/* Calls the operation with the words from `first` on as further members. */
static int call_with_words(const struct client *client, const char *operation,
                           cJSON *input, size_t first, cJSON **out)
{
    const struct service *service;
    const struct operation *op = client_operation(client, operation, &service);
    int status = op == NULL ? CLIENT_USAGE : client_set_members(client, op, input, first);

    if (status == 0)
        status = resolve_channel(client, input);
    return status != 0 ? status : client_invoke(client, operation, input, out);
}

static int read_stdin(const struct client *client, cJSON **out)
{
    struct buf text AUTO(buf_done);
    char piece[4096];
    size_t length;
    const char *why = "The input is too long";

    buf_init(&text, STDIN_MAX_BYTES);
    while (!text.overflow && (length = fread(piece, 1, sizeof(piece), stdin)) > 0)
        buf_add(&text, piece, length);
    *out = text.overflow || text.length == 0 ? NULL
                                             : json_read(text.bytes, text.length, &why);
    if (*out != NULL && cJSON_IsObject(*out))
        return 0;
    if (text.length == 0)
        why = "The input is empty";
    else if (*out != NULL)
        why = "The input must be a JSON object";
    else if (!text.overflow)
        why = json_reason_with_place(client->arena, text.bytes, text.length, why);
    return client_fail(CLIENT_USAGE, "%s", why);
}

int client_call(const struct client *client)
{
    const char *operation = word_at(client, 0);
    cJSON *input AUTO(json_done) = NULL;
    cJSON *response AUTO(json_done) = NULL;
    int status = 0;

    if (operation == NULL)
        return client_fail(CLIENT_USAGE, "call requires an operation (see --help)");
    if (client->count == 2 && strcmp(client->words[1], "-") == 0) {
        status = read_stdin(client, &input);
        if (status == 0)
            status = client_invoke(client, operation, input, &response);
    } else {
        input = cJSON_CreateObject();
        status = call_with_words(client, operation, input, 1, &response);
    }
    if (status == 0)
        client_print_json(client, response);
    return status;
}

/* Adds the member that identifies the channel which a word names. */
static void add_channel(cJSON *input, const char *word)
{
    bool is_key = text_starts_with(word, "sk_");

    cJSON_AddStringToObject(input, is_key ? "streamKey" : "channelArn", word);
}

static int call_about_channel(const struct client *client, const char *operation,
                              cJSON **out)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    const char *channel = word_at(client, 0);

    *out = NULL;
    if (channel == NULL)
        return client_fail(CLIENT_USAGE, "%s requires a channel (see --help)", operation);
    add_channel(input, channel);
    return call_with_words(client, operation, input, 1, out);
}

int client_start(const struct client *client)
{
    cJSON *response AUTO(json_done) = NULL;
    int status = call_about_channel(client, "StartStream", &response);

    if (status != 0)
        return status;
    if (client->settings->json) {
        client_print_json(client, response);
        return 0;
    }
    const cJSON *stream = cJSON_GetObjectItemCaseSensitive(response, "stream");
    printf("%s is live\nstream    %s\nplayback  %s\n",
           client_text(client, stream, "channelArn"),
           client_text(client, stream, "streamId"),
           client_text(client, stream, "playbackUrl"));
    return 0;
}

int client_end(const struct client *client)
{
    cJSON *response AUTO(json_done) = NULL;
    int status = call_about_channel(client, "EndStream", &response);

    if (status == 0 && !client->settings->json)
        printf("the stream of %s has ended\n", client->words[0]);
    return status;
}

/* The scope that a response names, as in "000000000000 us-east-1"; "all accounts" if it
 * names none. */
static const char *scope_text(const struct client *client, const cJSON *response)
{
    if (!json_has(response, "account"))
        return "all accounts";
    return arena_printf(client->arena, "%s %s", client_text(client, response, "account"),
                        client_text(client, response, "region"));
}

/* What the fault is about and what it does: the members of its kind. */
static void print_members(const struct client *client, const cJSON *fault)
{
    static const char *const names[] = {"operation", "delivery", "frame",
                                        "frameType", "userId",   "error"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (json_has(fault, names[i]))
            printf(" %s", client_text(client, fault, names[i]));
    }
    if (json_has(fault, "errorCode"))
        printf(" %lld", (long long)client_number(fault, "errorCode"));
}

static int list_faults(const struct client *client)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    cJSON *response AUTO(json_done) = NULL;
    const cJSON *fault;
    int status = client_invoke(client, "ListFaults", input, &response);

    if (status != 0 || client->settings->json) {
        client_print_json(client, response);
        return status;
    }
    cJSON_ArrayForEach(fault, cJSON_GetObjectItemCaseSensitive(response, "faults")) {
        printf("%s ", client_text(client, fault, "faultId"));
        print_members(client, fault);
        printf("  applied %lld times\n", (long long)client_number(fault, "struck"));
    }
    return 0;
}

static int delete_fault(const struct client *client)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    cJSON *response AUTO(json_done) = NULL;
    const char *id = word_at(client, 1);

    if (id != NULL)
        cJSON_AddStringToObject(input, "faultId", id);
    else
        cJSON_AddTrueToObject(input, "all");
    return client_invoke(client, "DeleteFault", input, &response);
}

int client_fault(const struct client *client)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    cJSON *response AUTO(json_done) = NULL;
    const char *operation = word_at(client, 0), *error = word_at(client, 1);
    bool names_operation = operation != NULL && strchr(operation, '=') == NULL;
    bool names_error = names_operation && error != NULL && strchr(error, '=') == NULL;

    if (operation == NULL)
        return list_faults(client);
    if (strcmp(operation, "delete") == 0)
        return delete_fault(client);
    if (names_operation)
        cJSON_AddStringToObject(input, "operation", operation);
    if (names_error)
        cJSON_AddStringToObject(input, "error", error);
    int status = call_with_words(client, "PutFault", input,
                                 (size_t)names_operation + names_error, &response);
    if (status != 0)
        return status;
    if (client->settings->json)
        client_print_json(client, response);
    else
        printf("fault %s for %s\n", client_text(client, response, "faultId"),
               scope_text(client, response));
    return 0;
}

int client_reset(const struct client *client)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    cJSON *response AUTO(json_done) = NULL;
    int status = call_with_words(client, "Reset", input, 0, &response);

    if (status == 0 && client->settings->json)
        client_print_json(client, response);
    return status;
}

/* Reads a duration such as 90, 90s, 5m, 2h or 3d. Returns its seconds, or -1. */
static long long read_seconds(const char *text)
{
    static const struct {
        const char *unit;
        long long seconds;
    } units[] = {
        {"",  1    },
        {"s", 1    },
        {"m", 60   },
        {"h", 3600 },
        {"d", 86400}
    };
    char *end;

    errno = 0;
    long long number = strtoll(text, &end, 10);
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (errno == 0 && end != text && strcmp(end, units[i].unit) == 0 && number > 0 &&
            number < INT64_MAX / units[i].seconds)
            return number * units[i].seconds;
    }
    return -1;
}

int client_clock(const struct client *client)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    cJSON *response AUTO(json_done) = NULL;
    const char *word = word_at(client, 0), *operation = "GetClock";

    if (word != NULL && strcmp(word, "reset") == 0) {
        operation = "ResetClock";
    } else if (word != NULL) {
        long long seconds = read_seconds(word);
        if (seconds < 0)
            return client_fail(CLIENT_USAGE,
                               "%s is neither reset nor a duration such as 90, 5m or 2h",
                               word);
        operation = "AdvanceClock";
        cJSON_AddNumberToObject(input, "seconds", (double)seconds);
    }
    int status = client_invoke(client, operation, input, &response);
    if (status != 0 || client->settings->json) {
        client_print_json(client, response);
        return status;
    }
    printf("%s  +%lld s  %s\n", client_text(client, response, "now"),
           (long long)client_number(response, "offsetSeconds"),
           scope_text(client, response));
    return 0;
}

int client_scopes(const struct client *client)
{
    cJSON *input AUTO(json_done) = cJSON_CreateObject();
    cJSON *response AUTO(json_done) = NULL;
    const cJSON *scope, *kind;
    int status = client_invoke(client, "ListScopes", input, &response);

    if (status != 0 || client->settings->json) {
        client_print_json(client, response);
        return status;
    }
    cJSON_ArrayForEach(scope, cJSON_GetObjectItemCaseSensitive(response, "scopes")) {
        printf("%s  requests=%lld events=%lld faults=%lld clock=+%llds",
               scope_text(client, scope), (long long)client_number(scope, "requests"),
               (long long)client_number(scope, "events"),
               (long long)client_number(scope, "faults"),
               (long long)client_number(scope, "offsetSeconds"));
        cJSON_ArrayForEach(kind, cJSON_GetObjectItemCaseSensitive(scope, "resources"))
            printf(" %s=%lld", kind->string, (long long)kind->valuedouble);
        printf("\n");
    }
    return 0;
}
