#include "store/store.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "files_internal.h"
#include "log_file_internal.h"
#include "shelf_internal.h"
#include "sql_internal.h"
#include "store_internal.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Marks a SQLite file as ours (PRAGMA application_id): "IVSL". */
#define APPLICATION_ID 0x4956534c

/*
 * A file up to this size is checked completely at start (SQLite's quick_check), which
 * costs a millisecond or two; of a larger file, only what opening it reads is checked.
 */
#define FULL_CHECK_MAX_BYTES (INT64_C(4) * 1024 * 1024)

/*
 * The page size of a new file. A commit writes every changed page completely, which costs
 * less with small pages; with even smaller ones, splitting them would cost more than that
 * saves. A database in memory keeps SQLite's larger pages, which waste less memory.
 */
#define PAGE_BYTES "2048"

/* How much of a file is cached in memory. */
#define CACHE_KIB "4000"

/* The log is copied into the file when it has this many bytes. Not more often, because a
 * checkpoint waits for the disk twice while writers wait for the store. */
enum { CHECKPOINT_BYTES = 8 * 1024 * 1024 };

/* After a very large transaction, the log next to the file is truncated to this size. */
#define LOG_MAX_BYTES "16777216"

/* Runs one or more SQL statements. Returns SQLite's code. */
static int run_sql(struct store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL);
}

const char *store_reason(sqlite3 *db, const char *what, int code, struct arena *arena)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return arena_printf(
            arena, "%s is in use by another process (one server per file)", what);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return arena_printf(arena, "%s is corrupt or not a database", what);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return arena_printf(arena, "%s cannot be opened for writing", what);
    default:
        return arena_printf(arena, "%s cannot be used: %s", what, sqlite3_errmsg(db));
    }
}

int store_set_rules(struct store *store)
{
    return run_sql(store, "PRAGMA foreign_keys = ON;"
                          "PRAGMA trusted_schema = OFF;");
}

static bool is_on_disk(struct store *store)
{
    return sqlite3_db_filename(store->db, "main")[0] != '\0';
}

/*
 * Settings of the connection. The exclusive lock keeps a second server out and lets
 * SQLite keep the WAL index in its own memory. With synchronous = NORMAL, committed
 * changes survive the death of the process, but may be lost if the machine fails.
 */
static int configure_connection(struct store *store)
{
    sqlite3_extended_result_codes(store->db, 1);
    int code = run_sql(store, "PRAGMA locking_mode = EXCLUSIVE;"
                              "PRAGMA synchronous = NORMAL;"
                              "PRAGMA journal_size_limit = " LOG_MAX_BYTES ";");
    if (code == SQLITE_OK && is_on_disk(store))
        code = run_sql(store, "PRAGMA page_size = " PAGE_BYTES ";"
                              "PRAGMA cache_size = -" CACHE_KIB ";");
    return code == SQLITE_OK ? store_set_rules(store) : code;
}

/* Takes the lock permanently, by a write transaction that changes nothing. */
static int lock_file(struct store *store)
{
    int code = run_sql(store, "BEGIN IMMEDIATE");

    if (code == SQLITE_OK)
        code = run_sql(store, "COMMIT");
    return code;
}

/* From here on, changes go to a log first, and the files must stay in their places. */
static int use_log(struct store *store)
{
    int64_t page_bytes = 0;
    int code = run_sql(store, "PRAGMA journal_mode = WAL");

    if (code == SQLITE_OK)
        code = sql_read_number(store->db, "PRAGMA page_size", &page_bytes);
    if (code == SQLITE_OK && page_bytes > 0)
        code =
            sqlite3_wal_autocheckpoint(store->db, (int)(CHECKPOINT_BYTES / page_bytes));
    if (code == SQLITE_OK) /* SQLite opens the log at the next transaction */
        code = lock_file(store);
    if (code == SQLITE_OK)
        code = files_watch(&store->files, store->db);
    return code;
}

static int check_writable(struct store *store)
{
    return sqlite3_db_readonly(store->db, "main") == 1 ? SQLITE_READONLY : SQLITE_OK;
}

/* An empty file contains nothing that was acknowledged, so nothing waits for the disk
 * until the tables exist. */
static int relax_sync_while_empty(struct store *store)
{
    int64_t pages = 0;
    int code = sql_read_number(store->db, "PRAGMA page_count", &pages);

    return code == SQLITE_OK && pages == 0 ? run_sql(store, "PRAGMA synchronous = OFF")
                                           : code;
}

static const char *restore_sync(struct store *store, const char *what,
                                struct arena *arena)
{
    int code = run_sql(store, "PRAGMA synchronous = NORMAL");

    return code == SQLITE_OK ? NULL : store_reason(store->db, what, code, arena);
}

const char *store_check_whole(struct store *store, const char *what, struct arena *arena)
{
    sqlite3_stmt *check = NULL;
    const char *why = NULL;

    if (sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &check, NULL) !=
            SQLITE_OK ||
        sqlite3_step(check) != SQLITE_ROW)
        why = store_reason(store->db, what, sqlite3_errcode(store->db), arena);
    else if (strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
        why = store_reason(store->db, what, SQLITE_CORRUPT, arena);
    sqlite3_finalize(check);
    return why;
}

static const char *check_if_small(struct store *store, const char *what,
                                  struct arena *arena)
{
    int64_t bytes = 0;
    int code = sql_read_bytes(store->db, &bytes);

    if (code != SQLITE_OK)
        return store_reason(store->db, what, code, arena);
    return bytes <= FULL_CHECK_MAX_BYTES ? store_check_whole(store, what, arena) : NULL;
}

const char *store_check_owner(struct store *store, const char *what, struct arena *arena,
                              int64_t *version)
{
    int64_t application = 0, objects = 0;
    int code = sql_read_number(store->db, "PRAGMA user_version", version);

    if (code == SQLITE_OK)
        code = sql_read_number(store->db, "PRAGMA application_id", &application);
    if (code == SQLITE_OK)
        code = sql_read_number(store->db, "SELECT count(*) FROM sqlite_schema", &objects);
    if (code != SQLITE_OK)
        return store_reason(store->db, what, code, arena);
    if (application != APPLICATION_ID && (objects > 0 || *version > 0))
        return arena_printf(arena, "%s belongs to another program", what);
    if (*version < 0 || *version > (int64_t)store->migration_count)
        return arena_printf(arena,
                            "%s has schema version %lld, newer than this program's %zu",
                            what, (long long)*version, store->migration_count);
    return NULL;
}

const char *store_migrate(struct store *store, const char *what, int64_t version,
                          struct arena *arena)
{
    int code;

    for (size_t i = (size_t)version; i < store->migration_count; i++) {
        const char *seal = arena_printf(arena,
                                        "PRAGMA application_id = %d;"
                                        "PRAGMA user_version = %zu;"
                                        "COMMIT",
                                        APPLICATION_ID, i + 1);
        code = run_sql(store, "BEGIN IMMEDIATE");
        if (code == SQLITE_OK)
            code = run_sql(store, store->migrations[i].sql);
        if (code == SQLITE_OK)
            code = run_sql(store, seal);
        if (code != SQLITE_OK)
            return arena_printf(arena, "%s: %s failed: %s", what,
                                store->migrations[i].name, sqlite3_errmsg(store->db));
    }
    return NULL;
}

/* Creates the directories above `path`. A failure is reported when the file is opened. */
static void make_directories(const char *path, struct arena *arena)
{
    char *copy = arena_strdup(arena, path);

    for (char *slash = strchr(copy + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            return;
        *slash = '/';
    }
}

static const char *open_and_check(struct store *store, const char *path,
                                  struct arena *arena)
{
    const char *what = arena_printf(arena, "database %s", path);
    int64_t version = 0;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &store->db, flags, log_file_system());

    if (code == SQLITE_OK)
        code = check_writable(store);
    if (code == SQLITE_OK)
        code = configure_connection(store);
    if (code == SQLITE_OK)
        code = relax_sync_while_empty(store);
    if (code == SQLITE_OK)
        code = lock_file(store);
    if (code == SQLITE_OK) /* again, because its first page, which is now read, may forbid
                            * it too */
        code = check_writable(store);
    if (code != SQLITE_OK)
        return store_reason(store->db, what, code, arena);
    const char *why = check_if_small(store, what, arena);
    if (why == NULL)
        why = store_check_owner(store, what, arena, &version);
    if (why != NULL)
        return why;
    code = use_log(store);
    if (code != SQLITE_OK)
        return store_reason(store->db, what, code, arena);
    why = store_migrate(store, what, version, arena);
    return why == NULL ? restore_sync(store, what, arena) : why;
}

struct store *store_new(const struct migration *migrations, size_t count)
{
    struct store *store = mem_zalloc(sizeof(*store));

    pthread_mutex_init(&store->lock, NULL);
    listeners_init(&store->listeners);
    store->migrations = migrations;
    store->migration_count = count;
    return store;
}

/* SQLite's memory statistics cost a lock for every allocation. This takes effect only
 * before SQLite is first used; later it is refused, which is harmless. */
static void keep_no_statistics(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

struct store *store_open_at(const char *path, const struct migration *migrations,
                            size_t count, struct arena *arena, const char **why)
{
    struct store *store = store_new(migrations, count);
    bool in_memory = strcmp(path, ":memory:") == 0;

    keep_no_statistics();
    if (path[0] != '\0' && !in_memory) {
        make_directories(path, arena);
        files_create(path);
    }
    *why = open_and_check(store, path, arena);
    if (*why != NULL) {
        store_close(store);
        return NULL;
    }
    store->shelf = in_memory ? shelf_in_memory() : shelf_in_folder(path);
    return store;
}

struct store *store_open(const char *path, struct arena *arena, const char **why)
{
    return store_open_at(path, store_migrations, store_migrations_count, arena, why);
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    for (size_t i = 0; i < STATEMENT_SLOTS; i++)
        sqlite3_finalize(store->statements[i].handle);
    sqlite3_close(store->db);
    shelf_free(store->shelf);
    listeners_done(&store->listeners);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

void store_add_listener(struct store *store, uint32_t topics, store_listener *listener,
                        void *context)
{
    listeners_add(
        &store->listeners,
        &(struct listener){.topics = topics, .notify = listener, .context = context});
}

void store_remove_listener(struct store *store, const void *context)
{
    listeners_remove(&store->listeners, context);
}

void store_add_mirror(struct store *store, store_reload *reload, void *context)
{
    pthread_mutex_lock(&store->lock);
    if (store->mirror_count == STORE_MIRRORS_MAX)
        BUG("more than %d mirrors", STORE_MIRRORS_MAX);
    store->mirrors[store->mirror_count++] = (struct mirror){reload, context};
    pthread_mutex_unlock(&store->lock);
}

void store_remove_mirror(struct store *store, const void *context)
{
    size_t kept = 0;

    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; i < store->mirror_count; i++) {
        if (store->mirrors[i].context != context)
            store->mirrors[kept++] = store->mirrors[i];
    }
    store->mirror_count = kept;
    pthread_mutex_unlock(&store->lock);
}

void store_reload_mirrors(struct store *store, struct txn *txn)
{
    for (size_t i = 0; i < store->mirror_count; i++)
        store->mirrors[i].reload(store->mirrors[i].context, txn);
}

bool store_files_are_in_place(struct store *store)
{
    char quoted[LOG_QUOTED_BYTES];
    const char *lost = files_find_lost(&store->files);

    if (lost == NULL)
        return true;
    log_error("a database file was removed or replaced, changes are no longer saved",
              "path=%s", log_quoted(lost, quoted));
    return false;
}
