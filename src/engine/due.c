#include "engine/due.h"

#include "base/log.h"
#include "data/due.h"
#include "data/logging_configuration.h"
#include "engine/stream.h"
#include "stream_internal.h"

/* How many actions share a transaction while nobody else waits for the store: together
 * they cost about half as much. */
enum { BATCH = 32 };

/* An action that is due in a scope. */
struct action {
    int64_t at_ms;   /* by the scope's clock */
    const void *row; /* the row of its kind that it is about, in the arena */
};

/* A kind of action. */
struct due_kind {
    /* Reads the first action of this kind in the scope, or DB_NONE. */
    enum db_result (*find_first)(struct txn *txn, struct scope scope, struct action *out);
    /* Runs it. Returns DB_DONE or DB_ERROR. */
    enum db_result (*run)(const struct step *step, const void *row);
};

static enum db_result find_recording_end(struct txn *txn, struct scope scope,
                                         struct action *out)
{
    struct recording *recording = arena_alloc(txn_arena(txn), sizeof(*recording));
    enum db_result found = recording_find_next_end(txn, scope, recording);

    if (found == DB_ROW)
        *out = (struct action){recording->ends_at_ms, recording};
    return found;
}

/* The reconnect window of a recording has ended. */
static enum db_result run_recording_end(const struct step *step, const void *row)
{
    return recording_finish(step, row);
}

static enum db_result find_stream_end(struct txn *txn, struct scope scope,
                                      struct action *out)
{
    struct stream_session *session = arena_alloc(txn_arena(txn), sizeof(*session));
    enum db_result found = stream_session_find_oldest_live(txn, scope, session);

    if (found == DB_ROW)
        *out = (struct action){session->started_at_ms + STREAM_MAX_MS, session};
    return found;
}

/* A stream has reached its maximum duration. */
static enum db_result run_stream_end(const struct step *step, const void *row)
{
    const struct stream_session *session = row;
    struct channel channel;

    switch (channel_find(step->txn, step->scope, session->channel_arn, &channel)) {
    case DB_ROW:
        break;
    case DB_NONE: /* the check for consistency at start excludes this */
        log_error("a live session has no channel", "stream=%s", session->stream_id);
        return DB_ERROR;
    case DB_DONE:
    case DB_ERROR:
        return DB_ERROR;
    }
    return stream_end(step, &channel, NULL) == STREAM_DONE ? DB_DONE : DB_ERROR;
}

static enum db_result find_session_expiry(struct txn *txn, struct scope scope,
                                          struct action *out)
{
    struct stream_session *session = arena_alloc(txn_arena(txn), sizeof(*session));
    enum db_result found = stream_session_find_first_ended(txn, scope, session);

    if (found == DB_ROW)
        *out = (struct action){session->ended_at_ms + STREAM_SESSION_KEPT_MS, session};
    return found;
}

/* A session has been kept for as long as AWS keeps it. */
static enum db_result run_session_expiry(const struct step *step, const void *row)
{
    return stream_session_delete(step->txn, row);
}

static enum db_result find_deletion(struct txn *txn, struct scope scope,
                                    struct action *out)
{
    struct logging_configuration *configuration =
        arena_alloc(txn_arena(txn), sizeof(*configuration));
    enum db_result found =
        logging_configuration_find_next_deletion(txn, scope, configuration);

    if (found == DB_ROW)
        *out = (struct action){configuration->settles_at_ms, configuration};
    return found;
}

/* The deletion of a logging configuration is complete. */
static enum db_result run_deletion(const struct step *step, const void *row)
{
    const struct logging_configuration *configuration = row;

    return logging_configuration_delete(step->txn, step->scope, configuration->arn);
}

/* If actions are due at the same time, they run in the order of this table. */
static const struct due_kind kinds[] = {
    {find_recording_end,  run_recording_end },
    {find_stream_end,     run_stream_end    },
    {find_session_expiry, run_session_expiry},
    {find_deletion,       run_deletion      },
};

/* The next action of any kind in a scope. */
struct next_action {
    struct action action;        /* at INT64_MAX if there is none */
    const struct due_kind *kind; /* NULL: the same */
};

/* Returns DB_DONE or DB_ERROR. */
static enum db_result find_next_action(struct txn *txn, struct scope scope,
                                       struct next_action *out)
{
    *out = (struct next_action){.action = {.at_ms = INT64_MAX}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct action action;
        enum db_result found = kinds[i].find_first(txn, scope, &action);

        if (found == DB_ERROR)
            return DB_ERROR;
        if (found == DB_ROW && action.at_ms < out->action.at_ms)
            *out = (struct next_action){action, &kinds[i]};
    }
    return DB_DONE;
}

/* Runs the action if it is due by `now_ms` on the machine's clock, and reads the one that
 * follows it. Returns DB_DONE or DB_ERROR. */
static enum db_result run_if_due(struct txn *txn, struct ids *ids, int64_t now_ms,
                                 const struct due_scope *due, struct next_action *next)
{
    const struct step step = {
        .txn = txn, .scope = due->scope, .ids = ids, .now_ms = next->action.at_ms};

    if (next->kind == NULL || next->action.at_ms - due->offset_ms > now_ms)
        return DB_DONE;
    if (next->kind->run(&step, next->action.row) == DB_ERROR)
        return DB_ERROR;
    return find_next_action(txn, due->scope, next);
}

/* Does what is due first in the scope, and notes what is due there next. */
static enum db_result run_scope(struct txn *txn, struct ids *ids, int64_t now_ms,
                                const struct due_scope *due)
{
    struct next_action next;

    if (find_next_action(txn, due->scope, &next) == DB_ERROR ||
        run_if_due(txn, ids, now_ms, due, &next) == DB_ERROR)
        return DB_ERROR;
    return due_set(txn, due, next.action.at_ms);
}

/* Reads the scope that is due first, and when that is. Returns DB_DONE or DB_ERROR. */
static enum db_result find_due_scope(struct txn *txn, struct due_scope *out)
{
    enum db_result found = due_find_first(txn, out);

    if (found == DB_NONE)
        out->at_ms = INT64_MAX;
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

/* Runs up to `limit` due actions in one transaction, fewer if callers wait for the store.
 * Returns what engine_run_some_due() does. */
static int64_t run_batch(struct store *store, struct ids *ids, int64_t now_ms, int limit)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin_step(store, arena, TXN_WRITE);
    struct due_scope due;

    if (find_due_scope(txn, &due) == DB_ERROR)
        return DUE_FAILED;
    for (int i = 0; i < limit && due.at_ms <= now_ms; i++) {
        if ((i > 0 && txn_is_awaited(txn)) || store_should_stop(store))
            break;
        if (run_scope(txn, ids, now_ms, &due) == DB_ERROR ||
            find_due_scope(txn, &due) == DB_ERROR)
            return DUE_FAILED;
    }
    return txn_commit(&txn) == DB_ERROR ? DUE_FAILED : due.at_ms;
}

/* Reads when something is due. A transaction that only reads costs little. */
static int64_t read_next_due(struct store *store)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin_step(store, arena, TXN_READ);
    struct due_scope due;

    return find_due_scope(txn, &due) == DB_ERROR ? DUE_FAILED : due.at_ms;
}

int64_t engine_run_some_due(struct store *store, struct ids *ids, int64_t now_ms)
{
    int64_t next_ms = read_next_due(store);

    if (next_ms == DUE_FAILED || next_ms > now_ms)
        return next_ms;
    next_ms = run_batch(store, ids, now_ms, BATCH);
    /* One action that fails must not undo others. */
    return next_ms == DUE_FAILED ? run_batch(store, ids, now_ms, 1) : next_ms;
}

int64_t engine_run_due(struct store *store, struct ids *ids, int64_t now_ms)
{
    int64_t next;

    do {
        if (store_should_stop(store))
            return DUE_FAILED;
        next = engine_run_some_due(store, ids, now_ms);
    } while (next != DUE_FAILED && next <= now_ms);
    return next;
}
