#include "emulator.h"

#include "api/dispatch.h"
#include "app/app.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "engine/due.h"

#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

enum { MAX_REPLIES = 40000 };

static const uint64_t id_seed = 7;

/* The emulator comes first, so that a pointer to it is a pointer to the fixture. */
struct fixture {
    struct emulator emu;
    struct arena *arena;
    const char *host;
    const char *signed_for;
    cJSON *replies[MAX_REPLIES];
    size_t reply_count;
};

static struct fixture *fixture_of(struct emulator *emu)
{
    return (struct fixture *)(void *)emu;
}

static struct fixture *new_fixture(void)
{
    struct fixture *fixture = mem_zalloc(sizeof(*fixture));

    json_init();
    log_set_level(LOG_ERROR);
    fixture->arena = arena_new();
    return fixture;
}

static struct emulator *start_emulator(struct fixture *fixture, struct store *store,
                                       const struct service *const *services,
                                       const struct resource_registry *registry)
{
    fixture->host = "localhost:4580";
    fixture->signed_for = "";
    fixture->emu = (struct emulator){
        .settings = {.default_scope = {.account = "000000000000", .region = "us-east-1"},
                     .quotas = true,
                     .transitions_ms = 200},
        .store = store,
        .services = services,
        .registry = registry,
    };
    emulator_init(&fixture->emu, clock_new_stopped(EMULATOR_START_MS), &id_seed);
    return &fixture->emu;
}

struct emulator *emulator_open(const char *db)
{
    struct fixture *fixture = new_fixture();
    const char *why = NULL;
    struct store *store = store_open(db, fixture->arena, &why);

    if (store == NULL)
        fail_msg("%s", why);
    return start_emulator(fixture, store, app_services, &data_registry);
}

struct emulator *emulator_open_unverified(const char *db)
{
    struct fixture *fixture = new_fixture();
    const char *why = NULL;
    struct store *store =
        store_open_at(db, store_migrations, store_migrations_count, fixture->arena, &why);

    if (store == NULL)
        fail_msg("%s", why);
    return start_emulator(fixture, store, app_services, &data_registry);
}

struct emulator *emulator_open_with(const struct service *const *services,
                                    const struct resource_registry *registry,
                                    const struct migration *migrations,
                                    size_t migration_count)
{
    struct fixture *fixture = new_fixture();
    const char *why = NULL;
    struct store *store =
        store_open_at(":memory:", migrations, migration_count, fixture->arena, &why);

    if (store == NULL)
        fail_msg("%s", why);
    return start_emulator(fixture, store, services, registry);
}

void emulator_close(struct emulator *emu)
{
    struct fixture *fixture = fixture_of(emu);

    for (size_t i = 0; i < fixture->reply_count; i++)
        cJSON_Delete(fixture->replies[i]);
    emulator_done(&fixture->emu);
    store_close(fixture->emu.store);
    arena_free(fixture->arena);
    free(fixture);
}

int emulator_setup(void **state)
{
    *state = emulator_open(":memory:");
    return 0;
}

int emulator_teardown(void **state)
{
    emulator_close(*state);
    return 0;
}

char *emulator_printf(struct emulator *emu, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = arena_vprintf(fixture_of(emu)->arena, format, args);
    va_end(args);
    return text;
}

void emulator_use_host(struct emulator *emu, const char *host)
{
    fixture_of(emu)->host = host;
}

void emulator_sign_for(struct emulator *emu, const char *service)
{
    fixture_of(emu)->signed_for = service;
}

int64_t emulator_advance(struct emulator *emu, int64_t by_ms)
{
    clock_advance(emu->clock, by_ms);
    int64_t next_ms = engine_run_due(emu->store, emu->ids, clock_now_ms(emu->clock));
    assert_true(next_ms > clock_now_ms(emu->clock));
    return next_ms;
}

/* Keeps a tree until the teardown. */
static void keep(struct fixture *fixture, cJSON *body)
{
    assert_true(fixture->reply_count < MAX_REPLIES);
    fixture->replies[fixture->reply_count++] = body;
}

static struct reply reply_of(struct fixture *fixture, const struct call *call)
{
    struct reply reply = {
        .status = call->status,
        .error = call->error != NULL ? call->error->name : NULL,
    };

    if (call->response == NULL)
        return reply;
    if (call->error == NULL && call->text != NULL) {
        reply.text = arena_strdup(fixture->arena, call->response);
        return reply;
    }
    reply.body = cJSON_Parse(call->response);
    assert_non_null(reply.body);
    keep(fixture, reply.body);
    if (reply.error != NULL) {
        reply.message = json_string_or(reply.body, "message", NULL);
        assert_non_null(reply.message);
        assert_string_equal(json_string_or(reply.body, "__type", ""), reply.error);
    }
    return reply;
}

struct reply emulator_request(struct emulator *emu, struct scope scope,
                              const char *method, const char *target, const char *body,
                              size_t body_length)
{
    struct fixture *fixture = fixture_of(emu);
    struct arena *arena AUTO(arena_done) = arena_new();
    struct call call AUTO(call_done);

    call_init(&call, emu, arena);
    call.scope = scope;
    call.method = method;
    call.host = fixture->host;
    call.signed_for = fixture->signed_for;
    call.body = body;
    call.body_length = body_length;
    assert_int_equal(uri_parse(arena, target, &call.uri), 0);
    dispatch(&call);
    return reply_of(fixture, &call);
}

static const struct operation *operation_of(struct emulator *emu, const char *name)
{
    const struct service *service;
    const char *why = NULL;
    const struct operation *op =
        operation_find(emu->services, name, fixture_of(emu)->arena, &service, &why);

    if (op == NULL)
        fail_msg("%s: %s", name, why);
    return op;
}

static struct reply call_operation(struct emulator *emu, struct scope scope,
                                   const char *operation, const char *body)
{
    const struct operation *op = operation_of(emu, operation);

    return emulator_request(emu, scope, op->method, op->uri, body, strlen(body));
}

struct reply emulator_call(struct emulator *emu, const char *region,
                           const char *operation, const char *format, ...)
{
    struct scope scope = {.account = emu->settings.default_scope.account,
                          .region = region};
    va_list args;

    va_start(args, format);
    char *body = arena_vprintf(fixture_of(emu)->arena, format, args);
    va_end(args);
    return call_operation(emu, scope, operation, body);
}

struct reply emulator_call_as(struct emulator *emu, struct scope scope,
                              const char *operation, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *body = arena_vprintf(fixture_of(emu)->arena, format, args);
    va_end(args);
    return call_operation(emu, scope, operation, body);
}

/* One step of a path, or NULL. */
static const cJSON *step(const cJSON *from, const char *name, size_t length)
{
    char step_name[64];

    assert_true(length < sizeof(step_name));
    memcpy(step_name, name, length);
    step_name[length] = '\0';
    if (cJSON_IsArray(from))
        return cJSON_GetArrayItem(from, (int)strtol(step_name, NULL, 10));
    return cJSON_GetObjectItemCaseSensitive(from, step_name);
}

static const cJSON *find(struct reply reply, const char *path)
{
    const cJSON *at = reply.body;

    while (at != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        at = step(at, path, length);
        path += length;
        path += *path == '.';
    }
    return at;
}

bool reply_has(struct reply reply, const char *path)
{
    return find(reply, path) != NULL;
}

const cJSON *reply_item(struct reply reply, const char *path)
{
    const cJSON *item = find(reply, path);

    if (item == NULL)
        fail_msg("the response has no %s", path);
    return item;
}

const char *reply_string(struct reply reply, const char *path)
{
    const cJSON *item = reply_item(reply, path);

    assert_true(cJSON_IsString(item));
    return item->valuestring;
}

int64_t reply_int(struct reply reply, const char *path)
{
    const cJSON *item = reply_item(reply, path);

    assert_true(cJSON_IsNumber(item));
    return (int64_t)item->valuedouble;
}

bool reply_bool(struct reply reply, const char *path)
{
    const cJSON *item = reply_item(reply, path);

    assert_true(cJSON_IsBool(item));
    return cJSON_IsTrue(item);
}

int reply_count(struct reply reply, const char *path)
{
    return cJSON_GetArraySize(reply_item(reply, path));
}

void assert_error(struct reply reply, int status, const char *error)
{
    if (reply.error == NULL)
        fail_msg("success (%d) instead of %s", reply.status, error);
    if (strcmp(reply.error, error) != 0 || reply.status != status)
        fail_msg("%d %s (%s) instead of %d %s", reply.status, reply.error, reply.message,
                 status, error);
}

void assert_error_says(struct reply reply, int status, const char *error,
                       const char *message)
{
    assert_error(reply, status, error);
    assert_string_equal(reply.message, message);
}

void assert_error_begins(struct reply reply, int status, const char *error,
                         const char *beginning)
{
    assert_error(reply, status, error);
    if (strncmp(reply.message, beginning, strlen(beginning)) != 0)
        fail_msg("not a message that begins with %s: %s", beginning, reply.message);
}

void assert_success(struct reply reply, int status)
{
    if (reply.error != NULL)
        fail_msg("%s: %s", reply.error, reply.message);
    assert_int_equal(reply.status, status);
}

void assert_json(struct reply reply, const char *path, const char *format, ...)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    va_list args;

    va_start(args, format);
    const char *text = arena_vprintf(arena, format, args);
    va_end(args);
    cJSON *expected = cJSON_Parse(text);
    if (expected == NULL)
        fail_msg("the test's JSON is invalid: %s", text);
    bool equal = cJSON_Compare(reply_item(reply, path), expected, true);
    cJSON_Delete(expected);
    if (!equal)
        fail_msg("%s is %s instead of %s", path,
                 json_text(arena, reply_item(reply, path)), text);
}

const char *create_channel(struct emulator *emu, const char *region, const char *name)
{
    struct reply reply =
        emulator_call(emu, region, "CreateChannel", "{\"name\":\"%s\"}", name);

    assert_success(reply, 200);
    return reply_string(reply, "channel.arn");
}

const char *create_recording_configuration(struct emulator *emu, const char *region,
                                           const char *bucket)
{
    struct reply reply = emulator_call(
        emu, region, "CreateRecordingConfiguration",
        "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"%s\"}}}", bucket);

    assert_success(reply, 200);
    return reply_string(reply, "recordingConfiguration.arn");
}

const char *create_recorded_channel(struct emulator *emu, const char *bucket, int window)
{
    emu->settings.transitions_ms = 0;
    struct reply configuration =
        emulator_call(emu, "us-east-1", "CreateRecordingConfiguration",
                      "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"%s\"}},"
                      "\"recordingReconnectWindowSeconds\":%d}",
                      bucket, window);
    assert_success(configuration, 200);
    struct reply channel =
        emulator_call(emu, "us-east-1", "CreateChannel",
                      "{\"name\":\"lobby\",\"recordingConfigurationArn\":\"%s\"}",
                      reply_string(configuration, "recordingConfiguration.arn"));
    assert_success(channel, 200);
    return reply_string(channel, "channel.arn");
}

struct reply start_stream(struct emulator *emu, const char *channel_arn,
                          const char *members)
{
    return emulator_call(emu, "us-east-1", "StartStream", "{\"channelArn\":\"%s\"%s%s}",
                         channel_arn, members[0] != '\0' ? "," : "", members);
}

const char *go_live(struct emulator *emu, const char *channel_arn)
{
    struct reply reply = start_stream(emu, channel_arn, "");

    assert_success(reply, 200);
    return reply_string(reply, "stream.streamId");
}

void go_offline(struct emulator *emu, const char *channel_arn)
{
    assert_success(emulator_call(emu, "us-east-1", "EndStream", "{\"channelArn\":\"%s\"}",
                                 channel_arn),
                   204);
}

static struct reply list_events(struct emulator *emu, const char *members)
{
    struct reply reply = emulator_call(emu, "us-east-1", "ListEvents", "{%s}", members);

    assert_success(reply, 200);
    return reply;
}

/* The name of an event in its detail: the member depends on the detail-type. */
static const char *name_in(const cJSON *detail)
{
    return json_string_or(
        detail, "event_name",
        json_string_or(detail, "recording_status",
                       json_string_or(detail, "limit_name", "an event without a name")));
}

const char *events_told(struct emulator *emu, const char *members)
{
    struct reply reply = list_events(emu, members);
    const cJSON *event;
    const char *all = "";

    cJSON_ArrayForEach(event, reply_item(reply, "events")) {
        const cJSON *detail = cJSON_GetObjectItemCaseSensitive(event, "detail");
        all = emulator_printf(emu, "%s%s%s", all, all[0] != '\0' ? ", " : "",
                              name_in(detail));
    }
    return all;
}

struct reply last_event(struct emulator *emu, const char *members)
{
    struct reply reply = list_events(emu, members);
    int count = reply_count(reply, "events");

    assert_true(count > 0);
    cJSON *body = cJSON_CreateObject();
    keep(fixture_of(emu), body);
    cJSON_AddItemToObject(
        body, "event",
        cJSON_Duplicate(cJSON_GetArrayItem(reply_item(reply, "events"), count - 1),
                        true));
    return (struct reply){.status = 200, .body = body};
}
