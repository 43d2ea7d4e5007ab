/*
 * The emulator that fuzz targets call, and the promises that every response keeps.
 */
#include "fuzz.h"

#include "api/dispatch.h"
#include "app/app.h"
#include "base/bug.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/snapshot.h"

#include <stdlib.h>
#include <string.h>

/* Any fixed values are suitable; the corpus names ARNs that result from this seed. */
#define START_MS INT64_C(1617753600000)
static const uint64_t first_id_seed = 7, input_id_seed = 8;

/* The process has one emulator, because libFuzzer has no parameter for state. */
static struct emulator emulator;
static struct arena *emulator_arena;
static struct seen seen; /* values from the responses when it was prepared */
static bool ready;       /* the emulator is ready */
static bool written;     /* it differs from the initial state */

char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = mem_alloc(size + 1);

    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

void fuzz_text_done(char **text)
{
    free(*text);
}

static void take_down(void)
{
    if (!ready)
        return;
    ready = false;
    emulator_done(&emulator);
    store_close(emulator.store);
    arena_free(emulator_arena);
}

/* Creates a resource that inputs can name; the body can name those before it. */
static void prepare(const char *path, const char *body)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct call call AUTO(call_done);

    call_init(&call, &emulator, arena);
    call.method = "POST";
    call.uri.path = path;
    call.body = seen_fill(&seen, arena, body, strlen(body), &call.body_length);
    dispatch(&call);
    if (call.error != NULL)
        BUG("%s %s: %s", path, body, call.error_message);
    cJSON *answer AUTO(json_done) = json_stored(call.response);
    seen_answer(&seen, emulator_arena, answer);
}

/* The state of the store at the start of every input: saved as a snapshot, which no input
 * saves at that time of the emulator's clock. */
#define START_NAME "start"
#define START_SAVED_MS INT64_C(1)

static void keep_start(void)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *why = NULL;

    if (snapshot_save(emulator.store, START_NAME, START_SAVED_MS, arena, &why) !=
        SNAPSHOT_DONE)
        BUG("%s", why);
}

/* Deletes the snapshots of an input. False: the input deleted ours. */
static bool drop_snapshots(struct arena *arena)
{
    const struct snapshot *snapshots;
    const char *why = NULL;
    bool found = false;
    size_t count;

    if (snapshot_list(emulator.store, arena, &snapshots, &count, &why) != SNAPSHOT_DONE)
        BUG("%s", why);
    for (size_t i = 0; i < count; i++) {
        if (snapshots[i].saved_at_ms == START_SAVED_MS)
            found = true;
        else if (snapshot_delete(emulator.store, snapshots[i].name, arena, &why) !=
                 SNAPSHOT_DONE)
            BUG("%s", why);
    }
    return found;
}

static void restore_initial_state(void)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *why = NULL;

    if (!drop_snapshots(arena)) {
        take_down();
        return;
    }
    if (snapshot_restore(emulator.store, START_NAME, NULL, arena, &why) != SNAPSHOT_DONE)
        BUG("%s", why);
    written = false;
}

/* Resets the state of calls outside the store. */
static void reset_memory_state(void)
{
    emulator_done(&emulator);
    emulator_init(&emulator, clock_new_stopped(START_MS), &input_id_seed);
    arrivals_stop(emulator.arrivals); /* no call waits */
}

static void set_up(void)
{
    const char *why = NULL;

    json_init();
    log_set_level(LOG_ERROR);
    emulator_arena = arena_new();
    seen.count = 0;
    emulator = (struct emulator){
        .settings.default_scope = {.account = "000000000000", .region = "us-east-1"},
        .store = store_open(":memory:", emulator_arena, &why),
        .services = app_services,
        .registry = &data_registry,
    };
    emulator_init(&emulator, clock_new_stopped(START_MS), &first_id_seed);
    if (emulator.store == NULL)
        BUG("%s", why);
    prepare("/CreateRecordingConfiguration",
            "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"recordings\"}}}");
    prepare("/CreateChannel", "{\"name\":\"lobby\",\"tags\":{\"team\":\"blue\"}}");
    for (int i = 1; i < FUZZ_CHANNELS; i++)
        prepare("/CreateChannel", "{}");
    prepare("/CreateRoom", "{\"name\":\"lobby\"}");
    prepare("/CreateChatToken",
            "{\"roomIdentifier\":\"<room 0>\",\"userId\":\"ann\",\"capabilities\":"
            "[\"SEND_MESSAGE\",\"DISCONNECT_USER\",\"DELETE_MESSAGE\"]}");
    reset_memory_state();
    keep_start();
    ready = true;
    written = false;
}

struct emulator *fuzz_emulator(void)
{
    static bool registered;

    if (!registered)
        registered = atexit(take_down) == 0;
    if (!ready)
        set_up();
    return &emulator;
}

const struct seen *fuzz_seen(void)
{
    return &seen;
}

void fuzz_emulator_written(void)
{
    written = true;
}

void fuzz_emulator_rest(void)
{
    if (written)
        restore_initial_state();
    if (ready)
        reset_memory_state();
}

/* A handler can turn a 204 into a response with a body. */
static int expected_status(const struct call *call)
{
    if (call->error != NULL)
        return call->error->status;
    return call->op->status == 204 && call->response != NULL ? 200 : call->op->status;
}

void fuzz_dispatch(struct call *call)
{
    const char *why = NULL;

    dispatch(call);
    if (call->fault != NULL) /* the response is whatever the input requested */
        return;
    if (call->op != NULL && call->op->access != NO_STORE && call->op->access != READ &&
        (call->error == NULL || call->keep_changes))
        written = true;
    if (call->status == 500)
        BUG("%s %s fails", call->method, call->uri.path);
    if (call->status != expected_status(call))
        BUG("%s %s answers %d", call->method, call->uri.path, call->status);
    if (call->response == NULL) {
        if (call->status != 204 && call->watcher == NULL)
            BUG("%s %s answers %d without a body", call->method, call->uri.path,
                call->status);
        return;
    }
    if (call->text != NULL) { /* metrics: anything but JSON */
        if (strcmp(call->response, call->text) != 0)
            BUG("%s %s answers another text", call->method, call->uri.path);
        return;
    }
    cJSON *answer = json_read(call->response, strlen(call->response), &why);
    if (!cJSON_IsObject(answer))
        BUG("%s %s: %s: %s", call->method, call->uri.path,
            why != NULL ? why : "no object", call->response);
    cJSON_Delete(answer);
}
