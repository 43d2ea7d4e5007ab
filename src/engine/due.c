#include "engine/due.h"

#include "base/bug.h"
#include "engine/stream.h"
#include "stream_internal.h"

/* The longest a stream may be; see the service quotas. */
#define MAX_STREAM_MS (INT64_C(48) * 3600 * 1000)

/* The next thing to happen. */
struct due {
    int64_t at_ms;       /* by the machine's clock; INT64_MAX: nothing */
    int64_t scope_at_ms; /* the same by the scope's clock */
    struct scope scope;
    bool is_recording;
    struct recording recording;
    struct stream_session session;
};

/* Notes what is due, unless something is due before. */
static void note(struct due *due, struct scope scope, int64_t scope_at_ms,
                 int64_t offset_ms, bool is_recording)
{
    if (scope_at_ms - offset_ms >= due->at_ms)
        return;
    due->at_ms = scope_at_ms - offset_ms;
    due->scope_at_ms = scope_at_ms;
    due->scope = scope;
    due->is_recording = is_recording;
}

static enum db_result find_next(struct txn *txn, struct due *out)
{
    struct scope scope;
    int64_t offset_ms;
    enum db_result found =
        recording_find_next_due(txn, &scope, &offset_ms, &out->recording);

    out->at_ms = INT64_MAX;
    if (found == DB_ROW)
        note(out, scope, out->recording.ends_at_ms, offset_ms, true);
    if (found == DB_ERROR)
        return DB_ERROR;
    found = stream_session_find_oldest_live(txn, &scope, &offset_ms, &out->session);
    if (found == DB_ROW)
        note(out, scope, out->session.started_at_ms + MAX_STREAM_MS, offset_ms, false);
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

static enum db_result let_happen(struct txn *txn, struct ids *ids, const struct due *due)
{
    const struct step step = {
        .txn = txn, .scope = due->scope, .ids = ids, .now_ms = due->scope_at_ms};
    struct channel channel;

    if (due->is_recording)
        return recording_finish(&step, &due->recording);
    switch (channel_find(txn, due->scope, due->session.channel_arn, &channel)) {
    case DB_ROW:
        break;
    case DB_NONE: /* a session goes with its channel */
        BUG("the live session %s has no channel", due->session.stream_id);
    case DB_DONE:
    case DB_ERROR:
        return DB_ERROR;
    }
    return stream_end(&step, &channel, NULL) == STREAM_DONE ? DB_DONE : DB_ERROR;
}

int64_t engine_run_one_due(struct store *store, struct ids *ids, int64_t now_ms)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = NULL;
    struct due due;

    txn = txn_begin(store, arena, TXN_READ);
    if (find_next(txn, &due) == DB_ERROR)
        return DUE_FAILED;
    if (due.at_ms > now_ms)
        return due.at_ms;
    /* Nobody may come between, so look again in the transaction that changes it. */
    txn_abandon(&txn);
    txn = txn_begin(store, arena, TXN_WRITE);
    if (find_next(txn, &due) == DB_ERROR)
        return DUE_FAILED;
    if (due.at_ms > now_ms)
        return due.at_ms;
    if (let_happen(txn, ids, &due) == DB_ERROR || txn_commit(&txn) == DB_ERROR)
        return DUE_FAILED;
    return due.at_ms;
}

int64_t engine_run_due(struct store *store, struct ids *ids, int64_t now_ms)
{
    int64_t next;

    do {
        next = engine_run_one_due(store, ids, now_ms);
    } while (next != DUE_FAILED && next <= now_ms);
    return next;
}
