#include "store/store.h"

#include "base/bug.h"
#include "base/memory.h"
#include "files_internal.h"
#include "log_file_internal.h"
#include "shelf_internal.h"
#include "sql_internal.h"
#include "store_internal.h"
#include "verify_internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Marks a SQLite file as ours (PRAGMA application_id): "IVSL". */
#define APPLICATION_ID 0x4956534c

/*
 * The indexes of a file up to this size are compared with their tables at start. For a
 * larger file that would be most of the time of a start, and no SQL of another program
 * can make them differ.
 */
#define INDEX_CHECK_MAX_BYTES (INT64_C(16) * 1024 * 1024)

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
 * SQLite keep the WAL index in its own memory. Until there is a log, SQLite undoes a
 * transaction after a power cut by a journal, and takes one with zeros in the place of a
 * page for valid. Only with synchronous = FULL does it sync the page first.
 */
static int configure_connection(struct store *store)
{
    sqlite3_extended_result_codes(store->db, 1);
    int code = run_sql(store, "PRAGMA locking_mode = EXCLUSIVE;"
                              "PRAGMA synchronous = FULL;"
                              "PRAGMA journal_size_limit = " LOG_MAX_BYTES ";");
    if (code == SQLITE_OK && is_on_disk(store))
        code = run_sql(store, "PRAGMA page_size = " PAGE_BYTES ";"
                              "PRAGMA cache_size = -" CACHE_KIB ";");
    return code == SQLITE_OK ? store_set_rules(store) : code;
}

/* A file of an older program keeps the space of what was deleted until it is rewritten.
 * If that fails, as it does without a place for temporary files, it remains so. */
static void make_shrinkable(struct store *store)
{
    int64_t mode = 0;

    if (sql_read_number(store->db, "PRAGMA auto_vacuum", &mode) == SQLITE_OK && mode == 0)
        (void)run_sql(store, "PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
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

/* A new database can give the space of deleted rows back. */
static int configure_if_empty(struct store *store)
{
    int64_t pages = 0;
    int code = sql_read_number(store->db, "PRAGMA page_count", &pages);

    if (code != SQLITE_OK || pages > 0)
        return code;
    return run_sql(store, "PRAGMA auto_vacuum = INCREMENTAL");
}

/*
 * With a log and synchronous = NORMAL, committed changes survive the death of the
 * process, but may be lost if the machine fails. A database without tables contains
 * nothing that was acknowledged, so nothing waits for the disk until they exist.
 */
static int relax_sync(struct store *store, int64_t version)
{
    return run_sql(store, version == 0 ? "PRAGMA synchronous = OFF"
                                       : "PRAGMA synchronous = NORMAL");
}

static const char *restore_sync(struct store *store, const char *what,
                                struct arena *arena)
{
    int code = run_sql(store, "PRAGMA synchronous = NORMAL");

    return code == SQLITE_OK ? NULL : sql_reason(store->db, what, code, arena);
}

static const char *check_pages(struct store *store, const char *what, struct arena *arena)
{
    int64_t bytes = 0;
    int code = sql_read_bytes(store->db, &bytes);

    if (code != SQLITE_OK)
        return sql_reason(store->db, what, code, arena);
    return verify_pages(
        store, what, bytes <= INDEX_CHECK_MAX_BYTES ? VERIFY_PAGES_INDEXES : VERIFY_PAGES,
        arena);
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
        return sql_reason(store->db, what, code, arena);
    if (application != APPLICATION_ID && (objects > 0 || *version > 0))
        return arena_printf(arena, "%s belongs to another program", what);
    if (*version < 0 || *version > (int64_t)store->migration_count)
        return arena_printf(arena,
                            "%s has schema version %lld, newer than this program's %zu",
                            what, (long long)*version, store->migration_count);
    return NULL;
}

/* Runs the migrations that the database does not have yet. */
static const char *run_migrations(struct store *store, const char *what, int64_t version,
                                  struct arena *arena)
{
    for (size_t i = (size_t)version; i < store->migration_count; i++) {
        if (run_sql(store, store->migrations[i].sql) != SQLITE_OK)
            return arena_printf(arena, "%s: %s failed: %s", what,
                                store->migrations[i].name, sqlite3_errmsg(store->db));
    }
    return NULL;
}

/* Creates the schema of a new database, or upgrades that of an older one. */
static const char *apply_migrations(struct store *store, const char *what,
                                    int64_t version, struct arena *arena)
{
    const char *seal =
        arena_printf(arena, "PRAGMA application_id = %d; PRAGMA user_version = %zu",
                     APPLICATION_ID, store->migration_count);
    const char *why = NULL;
    int code = SQLITE_OK;

    if (version == 0 && store->schema != NULL)
        code = run_sql(store, store->schema->latest);
    else
        why = run_migrations(store, what, version, arena);
    if (why != NULL)
        return why;
    if (code == SQLITE_OK)
        code = run_sql(store, seal);
    return code == SQLITE_OK ? NULL : sql_reason(store->db, what, code, arena);
}

/* In one transaction, so that a database is upgraded completely or not at all. A
 * migration may replace a table that others refer to, so references are not enforced
 * meanwhile. */
static const char *migrate_and_verify(struct store *store, const char *what,
                                      int64_t version, struct arena *arena)
{
    const char *why = NULL;
    int code = run_sql(store, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE");

    if (code == SQLITE_OK)
        why = apply_migrations(store, what, version, arena);
    if (code == SQLITE_OK && why == NULL && version > 0)
        why = verify_rows(store, what, arena);
    if (why != NULL)
        return why;
    if (code == SQLITE_OK)
        code = run_sql(store, "COMMIT");
    if (code == SQLITE_OK)
        code = store_set_rules(store);
    return code == SQLITE_OK ? NULL : sql_reason(store->db, what, code, arena);
}

const char *store_migrate(struct store *store, const char *what, int64_t version,
                          struct arena *arena)
{
    int code = verify_init(store->db);

    if (code != SQLITE_OK)
        return sql_reason(store->db, what, code, arena);
    const char *why = version > 0 && store->schema != NULL
                          ? verify_schema(store, what, version, arena)
                          : NULL;
    if (why != NULL)
        return why;
    return version < (int64_t)store->migration_count
               ? migrate_and_verify(store, what, version, arena)
               : verify_rows(store, what, arena);
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
        code = configure_if_empty(store);
    if (code == SQLITE_OK)
        code = lock_file(store);
    if (code == SQLITE_OK) /* again, because its first page, which is now read, may forbid
                            * it too */
        code = check_writable(store);
    if (code != SQLITE_OK)
        return sql_reason(store->db, what, code, arena);
    const char *why = check_pages(store, what, arena);
    if (why == NULL)
        why = store_check_owner(store, what, arena, &version);
    if (why != NULL)
        return why;
    code = use_log(store);
    if (code == SQLITE_OK)
        code = relax_sync(store, version);
    if (code != SQLITE_OK)
        return sql_reason(store->db, what, code, arena);
    why = store_migrate(store, what, version, arena);
    if (why != NULL)
        return why;
    make_shrinkable(store);
    return restore_sync(store, what, arena);
}

struct store *store_new(const struct migration *migrations, size_t count)
{
    struct store *store = mem_zalloc(sizeof(*store));

    lock_init(&store->lock);
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

/* Creates the file and the directories above it, unless they exist. Returns NULL, or why
 * the database cannot be opened. */
static const char *prepare_files(const char *path, struct arena *arena)
{
    if (files_is_directory(path))
        return arena_printf(
            arena, "database %s is a directory; name a file in it with --db", path);
    const char *irregular = files_find_irregular(path, arena);
    if (irregular != NULL)
        return arena_printf(arena, "database %s cannot be opened: %s is not a file", path,
                            irregular);
    const char *why = files_create(path, arena);
    return why == NULL
               ? NULL
               : arena_printf(arena, "database %s cannot be opened for writing: %s", path,
                              why);
}

/* Opens the database of a new store, which is freed if that fails. */
static struct store *open_store(struct store *store, const char *path,
                                struct arena *arena, const char **why)
{
    bool in_memory = strcmp(path, ":memory:") == 0;

    keep_no_statistics();
    *why = path[0] != '\0' && !in_memory ? prepare_files(path, arena) : NULL;
    if (*why == NULL)
        *why = open_and_check(store, path, arena);
    if (*why != NULL) {
        store_close(store);
        return NULL;
    }
    store->shelf = in_memory ? shelf_in_memory() : shelf_in_folder(path);
    return store;
}

struct store *store_open_at(const char *path, const struct migration *migrations,
                            size_t count, struct arena *arena, const char **why)
{
    return open_store(store_new(migrations, count), path, arena, why);
}

struct store *store_open(const char *path, struct arena *arena, const char **why)
{
    struct store *store = store_new(store_migrations, store_migrations_count);

    store->schema = &store_schema;
    return open_store(store, path, arena, why);
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
    lock_done(&store->lock);
    free(store);
}

void store_ask_to_stop(struct store *store)
{
    atomic_store(&store->stopping, true);
}

bool store_should_stop(const struct store *store)
{
    return atomic_load(&store->stopping);
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
    lock_take(&store->lock);
    if (store->mirror_count == STORE_MIRRORS_MAX)
        BUG("more than %d mirrors", STORE_MIRRORS_MAX);
    store->mirrors[store->mirror_count++] = (struct mirror){reload, context};
    lock_release(&store->lock);
}

void store_remove_mirror(struct store *store, const void *context)
{
    size_t kept = 0;

    lock_take(&store->lock);
    for (size_t i = 0; i < store->mirror_count; i++) {
        if (store->mirrors[i].context != context)
            store->mirrors[kept++] = store->mirrors[i];
    }
    store->mirror_count = kept;
    lock_release(&store->lock);
}

void store_reload_mirrors(struct store *store, struct txn *txn)
{
    for (size_t i = 0; i < store->mirror_count; i++)
        store->mirrors[i].reload(store->mirrors[i].context, txn);
}
