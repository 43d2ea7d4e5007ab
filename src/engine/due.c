#include "engine/due.h"

#include "base/log.h"
#include "engine/stream.h"
#include "stream_internal.h"

/* The maximum duration of a stream; see the service quotas. */
#define MAX_STREAM_MS (INT64_C(48) * 3600 * 1000)

/* An action of any kind that is due. */
struct due {
    struct scope scope;
    int64_t scope_at_ms; /* the due time, by the scope's clock */
    int64_t offset_ms;   /* how far that clock is ahead of the machine's */
    const void *row;     /* the row of its kind that it is about, in the arena */
};

/* A kind of action. */
struct due_kind {
    /* Reads the first action of this kind in any scope, or DB_NONE. */
    enum db_result (*find_first)(struct txn *txn, struct due *out);
    /* Runs it. Returns DB_DONE or DB_ERROR. */
    enum db_result (*run)(const struct step *step, const void *row);
};

static enum db_result find_first_recording_end(struct txn *txn, struct due *out)
{
    struct recording *recording = arena_alloc(txn_arena(txn), sizeof(*recording));
    enum db_result found =
        recording_find_next_due(txn, &out->scope, &out->offset_ms, recording);

    if (found != DB_ROW)
        return found;
    out->scope_at_ms = recording->ends_at_ms;
    out->row = recording;
    return DB_ROW;
}

/* The reconnect window of a recording has ended. */
static enum db_result run_recording_end(const struct step *step, const void *row)
{
    return recording_finish(step, row);
}

static enum db_result find_first_stream_end(struct txn *txn, struct due *out)
{
    struct stream_session *session = arena_alloc(txn_arena(txn), sizeof(*session));
    enum db_result found =
        stream_session_find_oldest_live(txn, &out->scope, &out->offset_ms, session);

    if (found != DB_ROW)
        return found;
    out->scope_at_ms = session->started_at_ms + MAX_STREAM_MS;
    out->row = session;
    return DB_ROW;
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

/* If actions are due at the same time, they run in the order of this table. */
static const struct due_kind kinds[] = {
    {find_first_recording_end, run_recording_end},
    {find_first_stream_end,    run_stream_end   },
};

/* The next due action of any kind, by the machine's clock. */
struct next_due {
    int64_t at_ms;               /* INT64_MAX: there is none */
    const struct due_kind *kind; /* NULL: the same, and `due` is not set */
    struct due due;
};

/* Returns DB_DONE or DB_ERROR. */
static enum db_result find_next_due(struct txn *txn, struct next_due *out)
{
    *out = (struct next_due){.at_ms = INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct due due;
        enum db_result found = kinds[i].find_first(txn, &due);

        if (found == DB_ERROR)
            return DB_ERROR;
        if (found == DB_ROW && due.scope_at_ms - due.offset_ms < out->at_ms)
            *out = (struct next_due){
                .at_ms = due.scope_at_ms - due.offset_ms, .kind = &kinds[i], .due = due};
    }
    return DB_DONE;
}

static bool is_due(const struct next_due *next, int64_t now_ms)
{
    return next->kind != NULL && next->at_ms <= now_ms;
}

static enum db_result run_due(struct txn *txn, struct ids *ids,
                              const struct next_due *next)
{
    const struct step step = {.txn = txn,
                              .scope = next->due.scope,
                              .ids = ids,
                              .now_ms = next->due.scope_at_ms};

    return next->kind->run(&step, next->due.row);
}

int64_t engine_run_one_due(struct store *store, struct ids *ids, int64_t now_ms)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = NULL;
    struct next_due next;

    txn = txn_begin(store, arena, TXN_READ);
    if (find_next_due(txn, &next) == DB_ERROR)
        return DUE_FAILED;
    if (!is_due(&next, now_ms))
        return next.at_ms;
    /* Another thread may have changed it since, so it is read again in the transaction
     * that runs it. */
    txn_abandon(&txn);
    txn = txn_begin(store, arena, TXN_WRITE);
    if (find_next_due(txn, &next) == DB_ERROR)
        return DUE_FAILED;
    if (!is_due(&next, now_ms))
        return next.at_ms;
    if (run_due(txn, ids, &next) == DB_ERROR || txn_commit(&txn) == DB_ERROR)
        return DUE_FAILED;
    return next.at_ms;
}

int64_t engine_run_due(struct store *store, struct ids *ids, int64_t now_ms)
{
    int64_t next;

    do {
        next = engine_run_one_due(store, ids, now_ms);
    } while (next != DUE_FAILED && next <= now_ms);
    return next;
}
