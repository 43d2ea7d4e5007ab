#include "store/txn.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/text.h"
#include "log_file_internal.h"
#include "store_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* A function to be called after the commit. */
struct hook {
    void (*run)(void *context);
    void *context;
    struct hook *next;
};

/* A line of the log to be written after the commit. */
struct line {
    const char *event;
    const char *values;
    struct line *next;
};

struct txn {
    struct store *store;
    struct arena *arena;
    enum txn_kind kind;
    bool failed; /* the begin or a step failed */
    struct hook *hooks;
    struct hook **last_hook; /* where to link the next hook */
    struct line *lines;
    struct line **last_line; /* where to link the next line */
    size_t line_count;       /* with those that are not linked, beyond the limit */
    uint32_t topics;
};

struct stmt {
    struct txn *txn;
    struct prepared *prepared; /* NULL if it could not be prepared */
    bool failed;
};

/* The transaction must not be committed any more. */
static void note_failure(struct txn *txn)
{
    if (!txn->failed && txn->kind == TXN_WRITE)
        text_copy(txn->store->failure, sizeof(txn->store->failure),
                  sqlite3_errmsg(txn->store->db));
    txn->failed = true;
}

static void log_failure(struct store *store, const char *sql)
{
    char reason[LOG_QUOTED_BYTES], quoted[LOG_QUOTED_BYTES];

    log_error("SQL failed", "code=%d reason=%s sql=%s",
              sqlite3_extended_errcode(store->db),
              log_quoted(sqlite3_errmsg(store->db), reason), log_quoted(sql, quoted));
}

/* The slot of a text: the one that contains it, or the empty one where it belongs. */
static struct prepared *slot_of(struct store *store, const char *sql)
{
    size_t at = (size_t)((uintptr_t)sql / sizeof(void *) * 2654435761U);

    for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
        struct prepared *slot = &store->statements[(at + i) % STATEMENT_SLOTS];
        if (slot->sql == sql || slot->sql == NULL)
            return slot;
    }
    BUG("more than %d SQL texts", STATEMENT_SLOTS);
}

static struct prepared *prepare_statement(struct store *store, const char *sql)
{
    struct prepared *slot = slot_of(store, sql);

    if (slot->sql == NULL) {
        int code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                      &slot->handle, NULL);
        if (code != SQLITE_OK) {
            log_failure(store, sql);
            return NULL;
        }
        slot->sql = sql;
    }
    if (slot->busy)
        BUG("statement is in use already: %s", sql);
    slot->busy = true;
    return slot;
}

static enum db_result run_sql(struct txn *txn, const char *sql)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    return stmt_step(q);
}

/* Begins a transaction of the thread that has taken the store. */
static struct txn *begin_txn(struct store *store, struct arena *arena, enum txn_kind kind)
{
    struct txn *txn = arena_alloc(arena, sizeof(*txn));

    *txn = (struct txn){.store = store, .arena = arena, .kind = kind};
    txn->last_hook = &txn->hooks;
    txn->last_line = &txn->lines;
    /* The lock alone gives a reader a consistent view: nobody else can write. */
    if (kind != TXN_WRITE)
        return txn;
    log_file_drop(store->db);
    if (run_sql(txn, "BEGIN IMMEDIATE") == DB_ERROR)
        txn->failed = true;
    return txn;
}

struct txn *txn_begin(struct store *store, struct arena *arena, enum txn_kind kind)
{
    lock_take(&store->lock);
    return begin_txn(store, arena, kind);
}

struct txn *txn_begin_step(struct store *store, struct arena *arena, enum txn_kind kind)
{
    lock_take_for_step(&store->lock);
    return begin_txn(store, arena, kind);
}

bool txn_is_awaited(const struct txn *txn)
{
    return lock_is_awaited(&txn->store->lock);
}

static void release_store(struct txn **txn)
{
    lock_release(&(*txn)->store->lock);
    *txn = NULL;
}

/* Commits the changes, if the transaction can have any. */
static enum db_result commit_changes(struct txn *txn)
{
    if (txn->failed)
        return DB_ERROR;
    if (txn->kind == TXN_READ)
        return DB_DONE;
    /* Checked while everything can still be undone. */
    if (!files_are_in_place(&txn->store->files)) {
        text_copy(txn->store->failure, sizeof(txn->store->failure),
                  "a file of the database was removed, renamed or replaced");
        return DB_ERROR;
    }
    if (run_sql(txn, "COMMIT") == DB_ERROR)
        return DB_ERROR;
    log_file_require_written(txn->store->db);
    txn->store->failure[0] = '\0';
    return DB_DONE;
}

/* The reason of each failure was logged where it happened, unless it was repeated. */
static void note_success(struct txn *txn)
{
    if (txn->kind != TXN_WRITE || txn->store->failed_changes == 0)
        return;
    log_warn("changes are saved again", "failed=%" PRIu64, txn->store->failed_changes);
    txn->store->failed_changes = 0;
}

static void write_lines(const struct line *lines, size_t count)
{
    for (const struct line *line = lines; line != NULL; line = line->next)
        log_each(LOG_INFO, line->event, "%s", line->values);
    if (count > TXN_LOG_MAX_LINES)
        log_each(LOG_INFO, "more changes in the same transaction", "count=%zu",
                 count - TXN_LOG_MAX_LINES);
}

enum db_result txn_commit(struct txn **txn)
{
    struct store *store = (*txn)->store;
    uint32_t topics = (*txn)->topics;
    const struct line *lines = (*txn)->lines;
    size_t line_count = (*txn)->line_count;

    if (commit_changes(*txn) == DB_ERROR) {
        (*txn)->failed = true;
        txn_abandon(txn);
        return DB_ERROR;
    }
    note_success(*txn);
    for (const struct hook *hook = (*txn)->hooks; hook != NULL; hook = hook->next)
        hook->run(hook->context);
    release_store(txn);
    write_lines(lines, line_count);
    listeners_notify(&store->listeners, topics);
    return DB_DONE;
}

void txn_abandon(struct txn **txn)
{
    if (*txn == NULL)
        return;
    if ((*txn)->kind == TXN_WRITE && (*txn)->failed)
        (*txn)->store->failed_changes++;
    /* SQLite may have rolled back by itself, after a full disk for example. */
    if ((*txn)->kind == TXN_WRITE && sqlite3_get_autocommit((*txn)->store->db) == 0) {
        (*txn)->failed = false; /* otherwise the rollback would not run */
        (void)!run_sql(*txn, "ROLLBACK");
    }
    release_store(txn);
}

void txn_on_commit(struct txn *txn, void (*function)(void *context), void *context)
{
    struct hook *hook = arena_alloc(txn->arena, sizeof(*hook));

    *hook = (struct hook){.run = function, .context = context};
    *txn->last_hook = hook;
    txn->last_hook = &hook->next;
}

void txn_log(struct txn *txn, const char *event, const char *format, ...)
{
    va_list args;

    if (!log_writes(LOG_INFO) || txn->line_count++ >= TXN_LOG_MAX_LINES)
        return;
    struct line *line = arena_alloc(txn->arena, sizeof(*line));
    va_start(args, format);
    *line =
        (struct line){.event = event, .values = arena_vprintf(txn->arena, format, args)};
    va_end(args);
    *txn->last_line = line;
    txn->last_line = &line->next;
}

void txn_note(struct txn *txn, uint32_t topics)
{
    txn->topics |= topics;
}

const char *txn_lost_file(const struct txn *txn)
{
    return files_find_lost(&txn->store->files);
}

static const char *failure_of(const struct store *store)
{
    return store->failure[0] != '\0' ? store->failure : NULL;
}

const char *txn_failure(const struct txn *txn)
{
    return failure_of(txn->store);
}

const char *store_failure(struct store *store, struct arena *arena)
{
    lock_take(&store->lock);
    const char *failure = failure_of(store);
    if (failure != NULL)
        failure = arena_strdup(arena, failure);
    lock_release(&store->lock);
    return failure;
}

struct arena *txn_arena(struct txn *txn)
{
    return txn->arena;
}

struct stmt *txn_query(struct txn *txn, const char *sql)
{
    struct stmt *stmt = arena_alloc(txn->arena, sizeof(*stmt));

    stmt->txn = txn;
    stmt->prepared = prepare_statement(txn->store, sql);
    stmt->failed = stmt->prepared == NULL;
    return stmt;
}

void stmt_done(struct stmt **stmt)
{
    struct prepared *prepared = (*stmt)->prepared;

    if (prepared == NULL)
        return;
    /* The result repeats that of the last step, which was reported then. */
    (void)sqlite3_reset(prepared->handle);
    (void)sqlite3_clear_bindings(prepared->handle);
    prepared->busy = false;
}

static int parameter_index(struct stmt *stmt, const char *name)
{
    int index = sqlite3_bind_parameter_index(stmt->prepared->handle, name);

    if (index == 0)
        BUG("no parameter %s in: %s", name, stmt->prepared->sql);
    return index;
}

static void check_bound(struct stmt *stmt, int code)
{
    if (code == SQLITE_OK)
        return;
    log_failure(stmt->txn->store, stmt->prepared->sql);
    stmt->failed = true;
}

void stmt_text(struct stmt *stmt, const char *name, const char *value)
{
    if (stmt->failed)
        return;
    check_bound(stmt,
                sqlite3_bind_text(stmt->prepared->handle, parameter_index(stmt, name),
                                  value, -1, SQLITE_STATIC));
}

void stmt_text_or_null(struct stmt *stmt, const char *name, const char *value)
{
    /* A parameter that is not bound is NULL. */
    if (value[0] != '\0')
        stmt_text(stmt, name, value);
}

void stmt_int(struct stmt *stmt, const char *name, int64_t value)
{
    if (stmt->failed)
        return;
    check_bound(stmt, sqlite3_bind_int64(stmt->prepared->handle,
                                         parameter_index(stmt, name), value));
}

enum db_result stmt_step(struct stmt *stmt)
{
    if (!stmt->failed && !stmt->txn->failed) {
        switch (sqlite3_step(stmt->prepared->handle)) {
        case SQLITE_ROW:
            return DB_ROW;
        case SQLITE_DONE:
            return sqlite3_column_count(stmt->prepared->handle) > 0 ? DB_NONE : DB_DONE;
        default:
            log_failure(stmt->txn->store, stmt->prepared->sql);
        }
    }
    /* A transaction in which a statement failed must not be committed partially. */
    stmt->failed = true;
    note_failure(stmt->txn);
    return DB_ERROR;
}

const char *stmt_column_text(struct stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt->prepared->handle, column);
    int length = sqlite3_column_bytes(stmt->prepared->handle, column);

    if (text == NULL)
        return "";
    return arena_strndup(stmt->txn->arena, (const char *)text, (size_t)length);
}

int64_t stmt_column_int(struct stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt->prepared->handle, column);
}

bool stmt_column_bool(struct stmt *stmt, int column)
{
    return stmt_column_int(stmt, column) != 0;
}

int64_t stmt_changes(struct stmt *stmt)
{
    return sqlite3_changes64(stmt->txn->store->db);
}
