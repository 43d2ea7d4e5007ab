#include "store/store.h"

#include "base/memory.h"
#include "store_internal.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Marks a SQLite file as ours (PRAGMA application_id): "IVSL". */
#define APPLICATION_ID 0x4956534c

/*
 * Up to this size a file is checked whole at start (SQLite's quick_check), which costs a
 * millisecond or two; beyond it, only what opening reads.
 */
#define FULL_CHECK_MAX_BYTES (4 * 1024 * 1024)

/* Past one very large transaction, the log beside the file shrinks to this again. */
#define LOG_MAX_BYTES "16777216"

/* Runs SQL of one or several statements. Returns SQLite's code. */
static int run(struct store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL);
}

/* The single number that a query answers. Returns SQLite's code. */
static int read_number(struct store *store, const char *sql, int64_t *out)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(store->db, sql, -1, &query, NULL);

    if (code == SQLITE_OK) {
        code = sqlite3_step(query);
        if (code == SQLITE_ROW) {
            *out = sqlite3_column_int64(query, 0);
            code = SQLITE_OK;
        }
    }
    sqlite3_finalize(query);
    return code;
}

static const char *reason(struct store *store, const char *path, int code,
                          struct arena *arena)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return arena_printf(arena,
                            "database %s is in use by another process (one server per "
                            "file)",
                            path);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return arena_printf(arena, "database %s is corrupt or not a database", path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return arena_printf(arena, "database %s cannot be opened for writing", path);
    default:
        return arena_printf(arena, "database %s cannot be used: %s", path,
                            sqlite3_errmsg(store->db));
    }
}

/*
 * Settings of the connection. The exclusive lock is what refuses a second server; it
 * also lets SQLite keep the WAL index in its own memory. With synchronous = NORMAL, what
 * was committed survives the death of the process, though not that of the machine.
 */
static int configure(struct store *store)
{
    sqlite3_extended_result_codes(store->db, 1);
    return run(store, "PRAGMA locking_mode = EXCLUSIVE;"
                      "PRAGMA synchronous = NORMAL;"
                      "PRAGMA foreign_keys = ON;"
                      "PRAGMA journal_size_limit = " LOG_MAX_BYTES ";"
                      "PRAGMA trusted_schema = OFF;");
}

/* Takes the lock for good, by a write transaction that changes nothing. */
static int lock_file(struct store *store)
{
    int code = run(store, "BEGIN IMMEDIATE");

    if (code == SQLITE_OK)
        code = run(store, "COMMIT");
    return code;
}

static const char *check_whole(struct store *store, const char *path, struct arena *arena)
{
    int64_t pages = 0, page_bytes = 0;
    sqlite3_stmt *check = NULL;
    const char *why = NULL;

    if (read_number(store, "PRAGMA page_count", &pages) != SQLITE_OK ||
        read_number(store, "PRAGMA page_size", &page_bytes) != SQLITE_OK)
        return reason(store, path, sqlite3_errcode(store->db), arena);
    if (pages * page_bytes > FULL_CHECK_MAX_BYTES)
        return NULL;
    if (sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &check, NULL) !=
            SQLITE_OK ||
        sqlite3_step(check) != SQLITE_ROW)
        why = reason(store, path, sqlite3_errcode(store->db), arena);
    else if (strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
        why = reason(store, path, SQLITE_CORRUPT, arena);
    sqlite3_finalize(check);
    return why;
}

/* Reads the schema version, and refuses what is not ours before anything is written. */
static const char *check_owner(struct store *store, const char *path, size_t count,
                               struct arena *arena, int64_t *version)
{
    int64_t application = 0, objects = 0;
    int code = read_number(store, "PRAGMA user_version", version);

    if (code == SQLITE_OK)
        code = read_number(store, "PRAGMA application_id", &application);
    if (code == SQLITE_OK)
        code = read_number(store, "SELECT count(*) FROM sqlite_schema", &objects);
    if (code != SQLITE_OK)
        return reason(store, path, code, arena);
    if (application != APPLICATION_ID && (objects > 0 || *version > 0))
        return arena_printf(arena, "database %s belongs to another program", path);
    if (*version < 0 || *version > (int64_t)count)
        return arena_printf(arena,
                            "database %s has schema version %lld, newer than this "
                            "program's %zu",
                            path, (long long)*version, count);
    return NULL;
}

static const char *migrate(struct store *store, const char *path, int64_t version,
                           const struct migration *migrations, size_t count,
                           struct arena *arena)
{
    int code;

    for (size_t i = (size_t)version; i < count; i++) {
        const char *seal = arena_printf(arena,
                                        "PRAGMA application_id = %d;"
                                        "PRAGMA user_version = %zu;"
                                        "COMMIT",
                                        APPLICATION_ID, i + 1);
        code = run(store, "BEGIN IMMEDIATE");
        if (code == SQLITE_OK)
            code = run(store, migrations[i].sql);
        if (code == SQLITE_OK)
            code = run(store, seal);
        if (code != SQLITE_OK)
            return arena_printf(arena, "database %s: %s failed: %s", path,
                                migrations[i].name, sqlite3_errmsg(store->db));
    }
    return NULL;
}

/* Makes the directories above `path`. What fails here shows when the file is opened. */
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
                                  const struct migration *migrations, size_t count,
                                  struct arena *arena)
{
    int64_t version = 0;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &store->db, flags, NULL);

    if (code == SQLITE_OK && sqlite3_db_readonly(store->db, "main") == 1)
        code = SQLITE_READONLY;
    if (code == SQLITE_OK)
        code = configure(store);
    if (code == SQLITE_OK)
        code = lock_file(store);
    if (code != SQLITE_OK)
        return reason(store, path, code, arena);
    const char *why = check_whole(store, path, arena);
    if (why == NULL)
        why = check_owner(store, path, count, arena, &version);
    if (why != NULL)
        return why;
    code = run(store, "PRAGMA journal_mode = WAL");
    if (code != SQLITE_OK)
        return reason(store, path, code, arena);
    return migrate(store, path, version, migrations, count, arena);
}

/* SQLite's statistics of memory cost a lock for every allocation. This counts only before
 * SQLite is first used; later it is refused, and does no harm. */
static void keep_no_statistics(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

struct store *store_open_at(const char *path, const struct migration *migrations,
                            size_t count, struct arena *arena, const char **why)
{
    struct store *store = mem_zalloc(sizeof(*store));

    keep_no_statistics();
    pthread_mutex_init(&store->lock, NULL);
    if (path[0] != '\0' && strcmp(path, ":memory:") != 0)
        make_directories(path, arena);
    *why = open_and_check(store, path, migrations, count, arena);
    if (*why != NULL) {
        store_close(store);
        return NULL;
    }
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
    pthread_mutex_destroy(&store->lock);
    free(store);
}
