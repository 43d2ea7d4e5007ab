#include "store/snapshot.h"

#include "base/bug.h"
#include "log_file_internal.h"
#include "shelf_internal.h"
#include "sql_internal.h"
#include "store_internal.h"
#include "verify_internal.h"

#include <stdlib.h>
#include <string.h>

/* An operation on a snapshot, which holds the shelf. */
struct job {
    struct store *store;
    struct shelf *shelf;
    const char *name;
    const char *what; /* for error messages */
    struct arena *arena;
    const char **why;
};

static void job_done(struct job *job)
{
    pthread_mutex_unlock(&job->shelf->lock);
}

/* Waits for the shelf. Its holder waits for nothing but the store. */
static struct job begin_job(struct store *store, const char *name, struct arena *arena,
                            const char **why)
{
    if (!snapshot_is_name(name))
        BUG("not a valid snapshot name: %s", name);
    pthread_mutex_lock(&store->shelf->lock);
    return (struct job){
        .store = store,
        .shelf = store->shelf,
        .name = name,
        .what = arena_printf(arena, "snapshot %s", name),
        .arena = arena,
        .why = why,
    };
}

/* Whether the disk, not the snapshot, caused the error. SQLite opens a file read-only if
 * the system refuses to open it for writing; the copy is ours, so that is not a property
 * of the snapshot. */
static bool is_disk_error(int code)
{
    switch (code & 0xff) {
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return true;
    default:
        return false;
    }
}

static enum snapshot_result fail_job(struct job *job, sqlite3 *db, int code)
{
    const char *reason =
        sqlite3_errcode(db) == code ? sqlite3_errmsg(db) : sqlite3_errstr(code);

    *job->why = arena_printf(job->arena, "%s: %s", job->what, reason);
    return SNAPSHOT_FAILED;
}

/* The database was checked and is unusable: *why is already set. */
static enum snapshot_result refuse_copy(sqlite3 *db)
{
    return is_disk_error(sqlite3_errcode(db)) ? SNAPSHOT_FAILED : SNAPSHOT_UNUSABLE;
}

/* Overwrites one database with another, in one transaction, unless the program is to
 * end. */
static int copy_all(const struct job *job, sqlite3 *to, sqlite3 *from)
{
    enum { STEP_PAGES = 4096 };
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
    int code = SQLITE_OK;

    if (copy == NULL)
        return sqlite3_errcode(to);
    while (code == SQLITE_OK)
        code = store_should_stop(job->store) ? SQLITE_INTERRUPT
                                             : sqlite3_backup_step(copy, STEP_PAGES);
    int finished = sqlite3_backup_finish(copy);
    if (code == SQLITE_DONE)
        return finished;
    return code;
}

/* Checks whether there is room for another snapshot of that size. */
static enum snapshot_result find_room(struct job *job, int64_t bytes)
{
    struct snapshot *all;
    size_t count, others = 0;
    int code = job->shelf->kind->list(job->shelf, job->arena, &all, &count);

    if (code != SQLITE_OK)
        return fail_job(job, NULL, code);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].name, job->name) == 0)
            continue;
        bytes += all[i].bytes;
        others++;
    }
    if (others >= SNAPSHOTS_MAX)
        *job->why =
            arena_printf(job->arena, "At most %d snapshots can be kept", SNAPSHOTS_MAX);
    else if (bytes > job->shelf->kind->max_bytes)
        *job->why = arena_printf(
            job->arena,
            "Snapshots of a database in memory are limited to %lld bytes in total",
            (long long)job->shelf->kind->max_bytes);
    else
        return SNAPSHOT_DONE;
    return SNAPSHOT_FULL;
}

/* Copies the state into the scratch database. */
static enum snapshot_result copy_state(struct job *job, sqlite3 *scratch)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(job->store, job->arena, TXN_READ);
    int64_t bytes = 0;
    int code = sql_read_used_bytes(job->store->db, &bytes);

    (void)txn; /* holds the store */
    if (code != SQLITE_OK)
        return fail_job(job, job->store->db, code);
    enum snapshot_result result = find_room(job, bytes);
    if (result != SNAPSHOT_DONE)
        return result;
    code = copy_all(job, scratch, job->store->db);
    return code == SQLITE_OK ? SNAPSHOT_DONE : fail_job(job, scratch, code);
}

/* Leaves the free pages out of the copy. */
static enum snapshot_result shrink_copy(struct job *job, sqlite3 *scratch)
{
    int code = sqlite3_exec(scratch, "PRAGMA incremental_vacuum", NULL, NULL, NULL);

    return code == SQLITE_OK ? SNAPSHOT_DONE : fail_job(job, scratch, code);
}

static enum snapshot_result save_snapshot(struct job *job, int64_t now_ms)
{
    const struct shelf_kind *kind = job->shelf->kind;
    sqlite3 *scratch = NULL;
    int code = kind->open_scratch(job->shelf, job->arena, &scratch);
    enum snapshot_result result =
        code == SQLITE_OK ? copy_state(job, scratch) : fail_job(job, scratch, code);

    if (result == SNAPSHOT_DONE)
        result = shrink_copy(job, scratch);
    if (result != SNAPSHOT_DONE) {
        kind->drop_scratch(job->shelf, job->arena, scratch);
        return result;
    }
    code = kind->keep(job->shelf, job->arena, scratch, job->name, now_ms);
    return code == SQLITE_OK ? SNAPSHOT_DONE : fail_job(job, NULL, code);
}

enum snapshot_result snapshot_save(struct store *store, const char *name, int64_t now_ms,
                                   struct arena *arena, const char **why)
{
    struct job job AUTO(job_done) = begin_job(store, name, arena, why);

    return save_snapshot(&job, now_ms);
}

/* Copies the snapshot to the scratch database, where it can be changed. */
static enum snapshot_result copy_snapshot(struct job *job, sqlite3 *scratch)
{
    const struct shelf_kind *kind = job->shelf->kind;
    sqlite3 *snapshot = NULL;
    int code = kind->borrow(job->shelf, job->arena, job->name, &snapshot);

    if (code == SQLITE_NOTFOUND)
        return SNAPSHOT_NONE;
    if (code == SQLITE_OK)
        code = copy_all(job, scratch, snapshot);
    kind->give_back(snapshot);
    if (code == SQLITE_OK)
        return SNAPSHOT_DONE;
    if (is_disk_error(code))
        return fail_job(job, scratch, code);
    *job->why = sql_reason(scratch, job->what, code, job->arena);
    return SNAPSHOT_UNUSABLE;
}

/* Checks the copy of a snapshot and migrates it. */
static enum snapshot_result check_copy(struct job *job, struct store *restored)
{
    int64_t version = 0;

    *job->why = job->shelf->kind->can_be_damaged
                    ? verify_pages(restored, job->what, VERIFY_PAGES_INDEXES, job->arena)
                    : NULL;
    if (*job->why == NULL)
        *job->why = store_check_owner(restored, job->what, job->arena, &version);
    if (*job->why == NULL && version == 0) /* an empty file, for example */
        *job->why = sql_reason(restored->db, job->what, SQLITE_NOTADB, job->arena);
    if (*job->why == NULL)
        *job->why = store_migrate(restored, job->what, version, job->arena);
    return *job->why == NULL ? SNAPSHOT_DONE : refuse_copy(restored->db);
}

/* Whether the number that the pragma returns is the same for both databases, and the
 * number of the first. Returns SQLite's code. */
static int compare_pragma(struct store *store, struct store *restored, const char *pragma,
                          int64_t *out, bool *same)
{
    int64_t restored_number = 0;
    int code = sql_read_number(store->db, pragma, out);

    if (code == SQLITE_OK)
        code = sql_read_number(restored->db, pragma, &restored_number);
    *same = *out == restored_number;
    return code;
}

/* A database with a log accepts only pages of its own size, and the way in which it gives
 * deleted space back comes with the pages. A snapshot that an older program saved may
 * differ in both. */
static int fit_pages(struct store *store, struct store *restored, struct arena *arena)
{
    int64_t page_bytes = 0, mode = 0;
    bool same_size = false, same_mode = false;
    int code =
        compare_pragma(store, restored, "PRAGMA page_size", &page_bytes, &same_size);

    if (code == SQLITE_OK)
        code = compare_pragma(store, restored, "PRAGMA auto_vacuum", &mode, &same_mode);
    if (code != SQLITE_OK || (same_size && same_mode))
        return code;
    return sqlite3_exec(restored->db,
                        arena_printf(arena,
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA page_size = %lld;"
                                     "PRAGMA auto_vacuum = %lld;"
                                     "VACUUM",
                                     (long long)page_bytes, (long long)mode),
                        NULL, NULL, NULL);
}

static enum db_result carry_over(struct job *job, snapshot_carry_over *carry,
                                 struct txn *now, struct store *restored)
{
    struct txn *txn AUTO(txn_abandon) = NULL;

    if (carry == NULL)
        return DB_DONE;
    txn = txn_begin(restored, job->arena, TXN_WRITE);
    if (carry(now, txn) == DB_ERROR)
        return DB_ERROR;
    return txn_commit(&txn);
}

/* Replaces the present state with the restored one. */
static enum snapshot_result replace_state(struct job *job, snapshot_carry_over *carry,
                                          struct store *restored)
{
    struct store *store = job->store;
    struct txn *now AUTO(txn_abandon) = txn_begin(store, job->arena, TXN_READ);

    if (carry_over(job, carry, now, restored) == DB_ERROR)
        return fail_job(job, restored->db, sqlite3_errcode(restored->db));
    int code = fit_pages(store, restored, job->arena);
    if (code != SQLITE_OK)
        return fail_job(job, restored->db, code);
    if (!files_are_in_place(&store->files)) {
        *job->why = "A file of the database was removed or replaced";
        return SNAPSHOT_FAILED;
    }
    code = copy_all(job, store->db, restored->db);
    if (code != SQLITE_OK)
        return fail_job(job, store->db, code);
    log_file_require_written(store->db);
    store_reload_mirrors(store, now);
    return SNAPSHOT_DONE;
}

/* The scratch database belongs to the shelf; the rest is closed like any store. */
static void drop_copy(struct job *job, struct store *restored)
{
    sqlite3 *scratch = restored->db;

    restored->db = NULL;
    store_close(restored);
    job->shelf->kind->drop_scratch(job->shelf, job->arena, scratch);
}

static enum snapshot_result restore_snapshot(struct job *job, snapshot_carry_over *carry)
{
    struct store *store = job->store;
    struct store *restored = store_new(store->migrations, store->migration_count);
    int code = job->shelf->kind->open_scratch(job->shelf, job->arena, &restored->db);

    restored->schema = store->schema;
    enum snapshot_result result = code == SQLITE_OK ? copy_snapshot(job, restored->db)
                                                    : fail_job(job, restored->db, code);

    if (result == SNAPSHOT_DONE)
        result = check_copy(job, restored);
    if (result == SNAPSHOT_DONE)
        result = replace_state(job, carry, restored);
    if (result == SNAPSHOT_DONE)
        listeners_notify(&store->listeners, STORE_ALL_TOPICS);
    drop_copy(job, restored);
    return result;
}

enum snapshot_result snapshot_restore(struct store *store, const char *name,
                                      snapshot_carry_over *carry, struct arena *arena,
                                      const char **why)
{
    struct job job AUTO(job_done) = begin_job(store, name, arena, why);

    return restore_snapshot(&job, carry);
}

enum snapshot_result snapshot_delete(struct store *store, const char *name,
                                     struct arena *arena, const char **why)
{
    struct job job AUTO(job_done) = begin_job(store, name, arena, why);
    int code = job.shelf->kind->remove(job.shelf, arena, name);

    if (code == SQLITE_NOTFOUND)
        return SNAPSHOT_NONE;
    return code == SQLITE_OK ? SNAPSHOT_DONE : fail_job(&job, NULL, code);
}

static int compare_entries(const void *a, const void *b)
{
    const struct snapshot *first = a, *second = b;

    if (first->saved_at_ms != second->saved_at_ms)
        return first->saved_at_ms < second->saved_at_ms ? -1 : 1;
    return strcmp(first->name, second->name);
}

enum snapshot_result snapshot_list(struct store *store, struct arena *arena,
                                   const struct snapshot **out, size_t *count,
                                   const char **why)
{
    struct shelf *shelf = store->shelf;
    struct snapshot *all;

    pthread_mutex_lock(&shelf->lock);
    int code = shelf->kind->list(shelf, arena, &all, count);
    pthread_mutex_unlock(&shelf->lock);
    if (code != SQLITE_OK) {
        *why = arena_printf(arena, "snapshots: %s", sqlite3_errstr(code));
        return SNAPSHOT_FAILED;
    }
    if (*count > 0)
        qsort(all, *count, sizeof(*all), compare_entries);
    *out = all;
    return SNAPSHOT_DONE;
}
