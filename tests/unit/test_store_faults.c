/*
 * Each call of the file system fails in turn while a database is opened and upgraded: the
 * start is refused with a reason or succeeds, and in both cases the next start finds all
 * data.
 */
#include "store/store.h"

#include "base/log.h"
#include "store/txn.h"
#include "store_files.h"
#include "support/db_image.h"
#include "support/fault_vfs.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { NOT_THERE = -1, VERSIONS_MAX = 32 };

struct torture {
    struct place *place;
    const char *prepared;
    /* The contents of the database in each version of the upgrade, beginning with the
     * prepared one. */
    const char *texts[VERSIONS_MAX];
    size_t text_count;
};

static struct store *open_at(const struct torture *torture, const char *path,
                             size_t version)
{
    const char *why = NULL;
    struct store *store =
        store_open_at(path, store_migrations, version, torture->place->arena, &why);

    if (store == NULL)
        fail_msg("%s", why);
    return store;
}

/* Writes to a database of that version, in a process that then dies: its commits are in
 * the log next to the file. */
static void write_and_die(const struct torture *torture, size_t version)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        struct store *store = open_at(torture, torture->prepared, version);
        store_add_channel(store, torture->place->arena, "kept");
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* Prepares a database of that version, with a channel unless it is the first version, and
 * records the results of an upgrade without failures. */
static void prepare(struct torture *torture, int version, bool died)
{
    struct arena *arena = torture->place->arena;
    const char *path = torture->place->path;

    torture->prepared = arena_printf(arena, "%s/prepared.db", torture->place->directory);
    if (version != NOT_THERE) {
        struct store *store = open_at(torture, torture->prepared, (size_t)version);
        if (version > 0)
            store_add_channel(store, arena, "old");
        store_close(store);
    }
    if (died)
        write_and_die(torture, (size_t)version);
    assert_true(store_migrations_count < VERSIONS_MAX);
    for (size_t to = version > 0 ? (size_t)version : 0; to <= store_migrations_count;
         to++) {
        db_copy(arena, torture->prepared, path);
        store_close(open_at(torture, path, to));
        torture->texts[torture->text_count++] = db_text(arena, path);
    }
}

static void assert_is_some_version(const struct torture *torture, struct arena *arena)
{
    const char *text = db_text(arena, torture->place->path);

    for (size_t i = 0; i < torture->text_count; i++) {
        if (strcmp(text, torture->texts[i]) == 0)
            return;
    }
    fail_msg("the contents of the database match no version:\n%s", text);
}

/* Opens the database under the plan, then without it. Whether the plan made a call
 * fail. */
static bool survives(const struct torture *torture, const struct fault_plan *plan)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *path = torture->place->path;
    const char *why = NULL;

    db_copy(arena, torture->prepared, path);
    fault_vfs_arm(plan);
    struct store *store =
        store_open_at(path, store_migrations, store_migrations_count, arena, &why);
    store_close(store);
    bool struck = fault_vfs_disarm() > 0;
    if (store == NULL && (strstr(why, path) == NULL || strchr(why, '\n') != NULL))
        fail_msg("not a single line that names the database: %s", why);
    if (!struck)
        assert_non_null(store);
    if (access(path, F_OK) == 0)
        assert_is_some_version(torture, arena);
    store_close(place_open_unverified(torture->place));
    assert_string_equal(db_text(arena, path), torture->texts[torture->text_count - 1]);
    return struck;
}

/* Makes the first, the second, ... call fail until no call is left to fail: alone, and
 * with all later ones. */
static void torture_open(struct place *place, int version, bool died)
{
    struct torture torture = {.place = place};

    prepare(&torture, version, died);
    for (int kind = FAULT_IO; kind <= FAULT_FULL; kind++) {
        for (int lasting = 0; lasting <= 1; lasting++) {
            struct fault_plan plan = {
                .kind = (enum fault_kind)kind, .lasting = lasting == 1, .at = 1};
            while (survives(&torture, &plan))
                plan.at++;
            print_message("%d faults of kind %d\n", plan.at - 1, kind);
        }
    }
}

static void a_disk_error_leaves_a_new_database_or_none(void **state)
{
    torture_open(*state, NOT_THERE, false);
}

static void a_disk_error_leaves_an_old_database_upgraded_or_unchanged(void **state)
{
    torture_open(*state, 1, true);
}

static void a_disk_error_loses_nothing_of_a_dead_process(void **state)
{
    torture_open(*state, (int)store_migrations_count, true);
}

/* A commit of about that many pages. */
static void commit_pages(struct store *store, struct arena *arena, int count)
{
    enum { PAGE_BYTES = 2048 };
    static const char sql[] = "INSERT INTO padding VALUES (:count, zeroblob(:bytes))";
    struct txn *txn = txn_begin(store, arena, TXN_WRITE);
    struct stmt *q = txn_query(txn, sql);

    stmt_int(q, ":count", count);
    stmt_int(q, ":bytes", count * PAGE_BYTES);
    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

/* The process dies directly after the commit: nothing of it may still be in its
 * memory. */
static void a_commit_of_any_size_is_written_to_the_system_at_once(void **state)
{
    enum { PAGES_MAX = 150 };
    static const struct migration schema = {
        "padding", "CREATE TABLE padding (count INTEGER, bytes BLOB) STRICT"};
    const struct fault_plan death = {.kind = FAULT_IO, .at = 1, .lasting = true};
    struct place *place = *state;

    for (int count = 1; count <= PAGES_MAX; count++) {
        struct arena *arena AUTO(arena_done) = arena_new();
        const char *why = NULL;
        struct store *store = store_open_at(place->path, &schema, 1, arena, &why);
        assert_non_null(store);
        commit_pages(store, arena, 1); /* for the first of a log is written otherwise */
        commit_pages(store, arena, count);
        fault_vfs_arm(&death);
        store_close(store);
        (void)fault_vfs_disarm();
        const char *row = arena_printf(arena, "\n%d|", count);
        if (strstr(db_text(arena, place->path), row) == NULL)
            fail_msg("a commit of about %d pages is lost", count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_disk_error_leaves_a_new_database_or_none),
        PLACE_TEST(a_disk_error_leaves_an_old_database_upgraded_or_unchanged),
        PLACE_TEST(a_disk_error_loses_nothing_of_a_dead_process),
        PLACE_TEST(a_commit_of_any_size_is_written_to_the_system_at_once),
    };

    log_set_level(LOG_ERROR);
    fault_vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
