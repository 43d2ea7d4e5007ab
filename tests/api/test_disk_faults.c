/*
 * Each call of the file system fails in turn. The operation either succeeds, and its
 * effect is durable, or returns an internal error, and nothing has changed; later calls
 * work.
 */
#include "support/emulator.h"

#include "base/memory.h"
#include "store/txn.h"
#include "support/db_image.h"
#include "support/fault_vfs.h"
#include "unit/store_files.h"

#include <string.h>

#include "support/cmocka_all.h"

enum { SEED = 99 };

/* The state of the connection before a call: what SQLite does only sometimes is forced
 * here. */
static const char every_commit_moves_the_log[] = "PRAGMA wal_autocheckpoint = 1";
static const char nothing_is_in_memory[] = "PRAGMA shrink_memory";

enum { NOTHING, IDLE, LIVE, ARNS };

/* An operation on the prepared database, which has an idle and a live channel. */
struct scene {
    const char *operation;
    const char *member; /* of the input: the ARN of this channel */
    int channel;
    const char *others; /* further members */
};

static const struct scene scenes[] = {
    {"CreateChannel",                "",           NOTHING, "\"name\":\"new\""        },
    {"GetChannel",                   "arn",        IDLE,    ""                        },
    {"ListChannels",                 "",           NOTHING, ""                        },
    {"UpdateChannel",                "arn",        IDLE,    ",\"name\":\"other\""     },
    {"DeleteChannel",                "arn",        IDLE,    ""                        },
    {"CreateRecordingConfiguration", "",           NOTHING,
     "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"bucket\"}}"              },
    {"StartStream",                  "channelArn", IDLE,    ""                        },
    {"UpdateStream",                 "channelArn", LIVE,    ",\"health\":\"STARVING\""},
    {"EndStream",                    "channelArn", LIVE,    ""                        },
    {"Seed",                         "",           NOTHING,
     "\"calls\":[{\"operation\":\"CreateChannel\",\"input\":{}},"
     "{\"operation\":\"CreateChannel\",\"input\":{}}]"                                },
    {"Reset",                        "",           NOTHING, "\"allAccounts\":true"    },
};

#define SNAPSHOT "{\"name\":\"kept\"}"

static const struct scene restoring = {"RestoreSnapshot", "", NOTHING,
                                       "\"name\":\"kept\""};

struct torture {
    struct place *place;
    const char *prepared;   /* the database before the call, closed */
    const char *arns[ARNS]; /* of the channels in the database */
    const struct scene *scene;
    const char *before; /* the contents of the database at that time */
    const char *after;  /* and after a call without failures */
    const char *saved;  /* a copy of the snapshot */
};

/* Each start generates identifiers that differ from those of the preparation and
 * repeat. */
static void reseed(struct emulator *emu)
{
    ids_free(emu->ids);
    emu->ids = ids_new_seeded(SEED);
}

static struct emulator *open_prepared(const struct torture *torture)
{
    const char *path = torture->place->path;

    db_copy(torture->place->arena, torture->prepared, path);
    struct emulator *emu = emulator_open_unverified(path);
    reseed(emu);
    return emu;
}

static void call_pragma(struct emulator *emu, const char *sql)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    store_run(emu->store, arena, sql);
}

static struct reply call_scene(const struct torture *torture, struct emulator *emu)
{
    const struct scene *scene = torture->scene;

    if (scene->channel == NOTHING)
        return emulator_call(emu, "us-east-1", scene->operation, "{%s}", scene->others);
    return emulator_call(emu, "us-east-1", scene->operation, "{\"%s\":\"%s\"%s}",
                         scene->member, torture->arns[scene->channel], scene->others);
}

static void assert_says(const struct torture *torture, const struct fault_plan *plan,
                        const char *expected)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *text = db_text(arena, torture->place->path);

    if (strcmp(text, expected) != 0)
        fail_msg("%s, fault %d of kind %d: the database contains\n%s\ninstead of\n%s",
                 torture->scene->operation, plan->at, plan->kind, text, expected);
}

/* Calls the operation under the plan. Returns the contents that the database must then
 * have. */
static const char *call_under_fault(const struct torture *torture, struct emulator *emu,
                                    const struct fault_plan *plan)
{
    fault_vfs_arm(plan);
    struct reply reply = call_scene(torture, emu);
    if (reply.error == NULL)
        return torture->after;
    assert_error(reply, 500, "InternalServerException");
    return torture->before;
}

/* The failure is temporary: the call succeeds when it is repeated. */
static bool survives_a_fault(const struct torture *torture, const struct fault_plan *plan,
                             bool again)
{
    struct emulator *emu = open_prepared(torture);

    call_pragma(emu, every_commit_moves_the_log);
    call_pragma(emu, nothing_is_in_memory);
    const char *expected = call_under_fault(torture, emu, plan);
    bool struck = fault_vfs_disarm() > 0;
    if (!struck)
        assert_ptr_equal(expected, torture->after);
    if (again && expected == torture->before) {
        reseed(emu);
        assert_null(call_scene(torture, emu).error);
        expected = torture->after;
    }
    emulator_close(emu);
    assert_says(torture, plan, expected);
    return struck;
}

/* The failure is permanent: nothing more is acknowledged, and the disk has the state of
 * the last acknowledgement. */
static bool survives_the_end(const struct torture *torture, const struct fault_plan *plan)
{
    struct emulator *emu = open_prepared(torture);

    call_pragma(emu, every_commit_moves_the_log);
    call_pragma(emu, nothing_is_in_memory);
    const char *expected = call_under_fault(torture, emu, plan);
    if (fault_vfs_disarm() == 0) {
        emulator_close(emu);
        return false;
    }
    fault_vfs_arm(&(struct fault_plan){.kind = plan->kind, .at = 1, .lasting = true});
    assert_error(emulator_call(emu, "us-east-1", "CreateChannel", "{}"), 500,
                 "InternalServerException");
    (void)emulator_call(emu, "us-east-1", "ListChannels", "{}");
    emulator_close(emu);
    (void)fault_vfs_disarm();
    assert_says(torture, plan, expected);
    return true;
}

/* Makes the first, the second, ... call fail until no call is left to fail. */
static void torture_scene(struct torture *torture, enum fault_kind kind)
{
    struct fault_plan plan = {.kind = kind, .at = 1};

    while (survives_a_fault(torture, &plan, false)) {
        assert_true(survives_a_fault(torture, &plan, true));
        plan.lasting = true;
        assert_true(survives_the_end(torture, &plan));
        plan.lasting = false;
        plan.at++;
    }
    print_message("%s: %d faults of kind %d\n", torture->scene->operation, plan.at - 1,
                  kind);
}

static void prepare(struct torture *torture)
{
    struct arena *arena = torture->place->arena;

    torture->prepared = arena_printf(arena, "%s/prepared.db", torture->place->directory);
    struct emulator *emu = emulator_open_unverified(torture->prepared);
    torture->arns[IDLE] = arena_strdup(arena, create_channel(emu, "us-east-1", "idle"));
    torture->arns[LIVE] = arena_strdup(arena, create_channel(emu, "us-east-1", "live"));
    (void)go_live(emu, torture->arns[LIVE]);
    emulator_close(emu);
    torture->before = db_text(arena, torture->prepared);
}

/* Runs the call without failures. */
static void learn_after(struct torture *torture)
{
    struct emulator *emu = open_prepared(torture);

    assert_null(call_scene(torture, emu).error);
    emulator_close(emu);
    torture->after = db_text(torture->place->arena, torture->place->path);
}

/* A snapshot of the prepared database is next to it, and the database has changed
 * since. */
static void prepare_snapshot(struct torture *torture)
{
    struct arena *arena = torture->place->arena;
    struct emulator *emu = open_prepared(torture);

    assert_null(emulator_call(emu, "us-east-1", "SaveSnapshot", SNAPSHOT).error);
    emulator_close(emu);
    emu = emulator_open_unverified(torture->prepared);
    reseed(emu);
    (void)create_channel(emu, "us-east-1", "since");
    emulator_close(emu);
    torture->before = db_text(arena, torture->prepared);
}

static void torture_all(struct place *place, enum fault_kind kind)
{
    struct torture torture = {.place = place};

    prepare(&torture);
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        torture.scene = &scenes[i];
        learn_after(&torture);
        torture_scene(&torture, kind);
    }
    prepare_snapshot(&torture);
    torture.scene = &restoring;
    learn_after(&torture);
    torture_scene(&torture, kind);
}

static void every_call_succeeds_or_changes_nothing_on_every_disk_error(void **state)
{
    torture_all(*state, FAULT_IO);
}

static void every_call_succeeds_or_changes_nothing_on_a_full_disk(void **state)
{
    torture_all(*state, FAULT_FULL);
}

/* A snapshot of that name exists already: afterwards it is the old or the new one. */
static bool survives_saving(const struct torture *torture, const struct fault_plan *plan)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *path = torture->place->path;
    const char *shelf = arena_printf(arena, "%s.snapshots/kept.db", path);
    struct emulator *emu = open_prepared(torture);

    db_copy(arena, torture->saved, shelf);
    fault_vfs_arm(plan);
    struct reply reply = emulator_call(emu, "us-east-1", "SaveSnapshot", SNAPSHOT);
    bool struck = fault_vfs_disarm() > 0;
    if (reply.error != NULL)
        assert_error(reply, 500, "InternalServerException");
    assert_true(struck || reply.error == NULL);
    assert_null(emulator_call(emu, "us-east-1", "RestoreSnapshot", SNAPSHOT).error);
    emulator_close(emu);
    assert_says(torture, plan, reply.error == NULL ? torture->before : torture->after);
    return struck;
}

static void torture_saving(struct place *place, enum fault_kind kind)
{
    struct torture torture = {.place = place, .scene = &restoring};
    struct fault_plan plan = {.kind = kind, .at = 1};

    prepare(&torture);
    torture.after = torture.before; /* the contents of the old snapshot */
    prepare_snapshot(&torture);
    torture.saved = arena_printf(place->arena, "%s/saved.db", place->directory);
    db_copy(place->arena, arena_printf(place->arena, "%s.snapshots/kept.db", place->path),
            torture.saved);
    while (survives_saving(&torture, &plan))
        plan.at++;
    print_message("SaveSnapshot: %d faults of kind %d\n", plan.at - 1, kind);
}

static void a_snapshot_is_saved_or_the_old_one_stays(void **state)
{
    torture_saving(*state, FAULT_IO);
}

static void a_snapshot_is_saved_or_the_old_one_stays_on_a_full_disk(void **state)
{
    torture_saving(*state, FAULT_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(every_call_succeeds_or_changes_nothing_on_every_disk_error),
        PLACE_TEST(every_call_succeeds_or_changes_nothing_on_a_full_disk),
        PLACE_TEST(a_snapshot_is_saved_or_the_old_one_stays),
        PLACE_TEST(a_snapshot_is_saved_or_the_old_one_stays_on_a_full_disk),
    };

    fault_vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
