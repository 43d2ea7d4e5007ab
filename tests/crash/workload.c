#include "workload.h"

#include "base/buf.h"
#include "support/db_image.h"

#include <string.h>

#include "support/cmocka_all.h"

enum { FAT_CHANNELS = 80, FAT_TAGS = 40, SEED_MAX_BYTES = 1024 * 1024 };

enum step_kind {
    STEP_CALL,
    STEP_ADD_FAT, /* many channels with many tags, in one transaction */
    STEP_END,     /* the program ends by SIGTERM, and is started again */
    STEP_KILL     /* it is killed, and started again */
};

struct step {
    enum step_kind kind;
    const char *channel; /* the name of the channel whose ARN is "%s" in the body */
    const char *target;
    const char *body;
    const char *saves;   /* the snapshot that it saves; NULL: none */
    const char *deletes; /* the same */
};

#define CONTROL "/_ivs-local/"
#define NAME(name) "{\"name\":\"" name "\"}"

#define CALL(channel, path, body) {STEP_CALL, channel, path, body, NULL, NULL},
#define CREATE(name) CALL(NULL, "/CreateChannel", NAME(name))
#define RESET CALL(NULL, CONTROL "Reset", "{}")
#define SAVE(name) {STEP_CALL, NULL, CONTROL "SaveSnapshot", NAME(name), name, NULL},
#define RESTORE(name) CALL(NULL, CONTROL "RestoreSnapshot", NAME(name))
#define DROP(name) {STEP_CALL, NULL, CONTROL "DeleteSnapshot", NAME(name), NULL, name},
#define ADD_FAT {STEP_ADD_FAT, NULL, NULL, NULL, NULL, NULL},
#define END {STEP_END, NULL, NULL, NULL, NULL, NULL},
#define KILL {STEP_KILL, NULL, NULL, NULL, NULL, NULL},

static const struct step steps[] = {
#include "steps.def"
};

size_t workload_steps(void)
{
    assert_true(COUNT_OF(steps) <= STEPS_MAX);
    return COUNT_OF(steps);
}

/* The body of a Seed that creates channels of about 10 KiB. */
static void write_fat_seed(struct buf *body)
{
    buf_text(body, "{\"calls\":[");
    for (int i = 0; i < FAT_CHANNELS; i++) {
        buf_printf(body,
                   "%s{\"operation\":\"CreateChannel\",\"input\":{\"name\":\"fat%d\","
                   "\"tags\":{",
                   i > 0 ? "," : "", i);
        for (int j = 0; j < FAT_TAGS; j++)
            buf_printf(body, "%s\"%d\":\"%0250d\"", j > 0 ? "," : "", j, i);
        buf_text(body, "}}}");
    }
    buf_text(body, "]}");
    assert_false(body->overflow);
}

static enum step_result call_for_step(struct machine *machine, const char *target,
                                      const char *body)
{
    struct reply reply;
    int status = machine_call(machine, target, body, &reply);

    if (status < 0)
        return STEP_DIED;
    if (status == 200 || status == 204)
        return STEP_DONE;
    assert_error(reply, 500, "InternalServerException");
    return STEP_REFUSED;
}

enum step_result workload_add_fat(struct machine *machine)
{
    struct buf body AUTO(buf_done);

    buf_init(&body, SEED_MAX_BYTES);
    write_fat_seed(&body);
    return call_for_step(machine, CONTROL "Seed", body.bytes);
}

static enum step_result make_call(struct machine *machine, const struct step *step)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *body = step->body;

    if (step->channel != NULL) {
        const char *arn = machine_find_channel(machine, step->channel);
        if (arn == NULL)
            return STEP_DIED;
        const char *gap = strstr(body, "%s");
        body = arena_join(arena, arena_strndup(arena, body, (size_t)(gap - body)), arn,
                          gap + 2, NULL);
    }
    return call_for_step(machine, step->target, body);
}

static enum step_result restart_program(struct machine *machine)
{
    return machine_start(machine) ? STEP_DONE : STEP_DIED;
}

enum step_result workload_run(struct machine *machine, size_t number)
{
    const struct step *step = &steps[number];

    switch (step->kind) {
    case STEP_CALL:
        return make_call(machine, step);
    case STEP_ADD_FAT:
        return workload_add_fat(machine);
    case STEP_END:
        return machine_stop(machine) ? restart_program(machine) : STEP_DIED;
    case STEP_KILL:
        machine_kill(machine);
        return restart_program(machine);
    }
    return STEP_DIED;
}

void workload_run_all(struct machine *machine, size_t count, struct history *out)
{
    out->steps = count;
    out->views[0] = machine_view(machine, machine->arena);
    for (size_t i = 0; i < count; i++) {
        out->begun[i] = disk_recorded(machine->disk);
        assert_int_equal(workload_run(machine, i), STEP_DONE);
        out->acknowledged[i] = disk_recorded(machine->disk);
        out->views[i + 1] = machine_view(machine, machine->arena);
    }
}

/* Whether the view is one of these, which are given by the range. */
static bool is_one_of(const char *view, const struct history *history, size_t first,
                      size_t last)
{
    for (size_t i = first; i <= last; i++) {
        if (strcmp(view, history->views[i]) == 0)
            return true;
    }
    return false;
}

static void check_view(struct machine *machine, const struct history *history,
                       const struct bounds *bounds)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *view = machine_view(machine, arena);

    if (!is_one_of(view, history, bounds->first, bounds->last))
        fail_msg("the state is none of %zu to %zu: %s", bounds->first, bounds->last,
                 view);
}

/* What a snapshot may be. */
struct expected {
    bool may_be_absent;
    size_t count;
    size_t views[STEPS_MAX]; /* numbers of views */
};

/* Changes what is expected of the snapshot by a step that was begun. */
static void expect_step(const struct step *step, size_t number, const char *name,
                        const struct bounds *bounds, struct expected *expected)
{
    bool acknowledged = number < bounds->acknowledged;

    if (step->saves != NULL && strcmp(step->saves, name) == 0) {
        if (acknowledged) {
            expected->count = 0;
            expected->may_be_absent = false;
        }
        expected->views[expected->count++] = number;
    }
    if (step->deletes != NULL && strcmp(step->deletes, name) == 0) {
        if (acknowledged && !bounds->lost_names)
            expected->count = 0;
        expected->may_be_absent = true;
    }
}

/* Restores a snapshot that is present: it must be one of those that are expected. */
static void check_restored(struct machine *machine, const struct history *history,
                           const char *name, const struct expected *expected)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct reply reply;
    int status = machine_call(machine, CONTROL "RestoreSnapshot",
                              arena_printf(arena, "{\"name\":\"%s\"}", name), &reply);

    if (status != 204)
        fail_msg("the snapshot %s cannot be restored: %s", name, reply.message);
    const char *view = machine_view(machine, arena);
    for (size_t i = 0; i < expected->count; i++) {
        if (strcmp(view, history->views[expected->views[i]]) == 0)
            return;
    }
    fail_msg("the snapshot %s has another state: %s", name, view);
}

static void check_snapshot(struct machine *machine, const struct history *history,
                           const struct bounds *bounds, const char *name)
{
    struct expected expected = {.may_be_absent = true};

    for (size_t i = 0; i < bounds->begun; i++)
        expect_step(&steps[i], i, name, bounds, &expected);
    if (machine_has_snapshot(machine, name))
        check_restored(machine, history, name, &expected);
    else if (!expected.may_be_absent)
        fail_msg("the snapshot %s is lost", name);
}

void workload_check(struct machine *machine, const char *db,
                    const struct history *history, const struct bounds *bounds)
{
    static const char *const names[] = {"one", "two", "fat"};
    struct arena *arena AUTO(arena_done) = arena_new();
    struct reply reply;

    if (!machine_start_on(machine, db))
        fail_msg("the program does not start: %s", machine_log(machine));
    check_view(machine, history, bounds);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        check_snapshot(machine, history, bounds, names[i]);
    assert_int_equal(
        machine_call(machine, "/CreateChannel", "{\"name\":\"new\"}", &reply), 200);
    machine_kill(machine);
    (void)db_text(arena, db);
}
