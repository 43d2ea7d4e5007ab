#include "engine/due.h"

#include "base/bug.h"
#include "engine/stream.h"
#include "stream_internal.h"

/* The longest a stream may be; see the service quotas. */
#define MAX_STREAM_MS (INT64_C(48) * 3600 * 1000)

/* The next thing to happen. */
struct due {
    int64_t at_ms; /* INT64_MAX: nothing */
    struct scope scope;
    bool is_recording;
    struct recording recording;
    struct stream_session session;
};

static enum db_result find_next(struct txn *txn, struct due *out)
{
    struct scope scope;
    enum db_result found = recording_find_next_due(txn, &scope, &out->recording);

    out->at_ms = INT64_MAX;
    if (found == DB_ROW) {
        out->at_ms = out->recording.ends_at_ms;
        out->is_recording = true;
        out->scope = scope;
    }
    if (found == DB_ERROR)
        return DB_ERROR;
    found = stream_session_find_oldest_live(txn, &scope, &out->session);
    if (found == DB_ROW && out->session.started_at_ms + MAX_STREAM_MS < out->at_ms) {
        out->at_ms = out->session.started_at_ms + MAX_STREAM_MS;
        out->is_recording = false;
        out->scope = scope;
    }
    return found == DB_ERROR ? DB_ERROR : DB_NONE;
}

static enum db_result let_happen(struct txn *txn, struct ids *ids, const struct due *due)
{
    const struct step step = {
        .txn = txn, .scope = due->scope, .ids = ids, .now_ms = due->at_ms};
    struct channel channel;

    if (due->is_recording)
        return recording_finish(&step, &due->recording);
    switch (channel_find(txn, due->scope, due->session.channel_arn, &channel)) {
    case DB_ROW:
        break;
    case DB_NONE: /* a session goes with its channel */
        BUG("the live session %s has no channel", due->session.stream_id);
    case DB_ERROR:
        return DB_ERROR;
    }
    return stream_end(&step, &channel, NULL) == STREAM_DONE ? DB_NONE : DB_ERROR;
}

int64_t engine_run_one_due(struct store *store, struct ids *ids, int64_t now_ms)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = NULL;
    struct due due;

    txn = txn_begin(store, arena, TXN_READ);
    if (find_next(txn, &due) == DB_ERROR)
        return -1;
    if (due.at_ms > now_ms)
        return due.at_ms;
    /* Nobody may come between, so look again in the transaction that changes it. */
    txn_abandon(&txn);
    txn = txn_begin(store, arena, TXN_WRITE);
    if (find_next(txn, &due) == DB_ERROR)
        return -1;
    if (due.at_ms > now_ms)
        return due.at_ms;
    if (let_happen(txn, ids, &due) == DB_ERROR || txn_commit(&txn) == DB_ERROR)
        return -1;
    return due.at_ms;
}

int64_t engine_run_due(struct store *store, struct ids *ids, int64_t now_ms)
{
    int64_t next;

    do {
        next = engine_run_one_due(store, ids, now_ms);
    } while (next >= 0 && next <= now_ms);
    return next;
}
