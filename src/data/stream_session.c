#include "data/stream_session.h"

#include "bind_internal.h"
#include "data/channel.h"
#include "data/due.h"
#include "table_internal.h"

#define COLUMNS                                                                          \
    "seq, channel_id, stream_id, started_at_ms, ended_at_ms, health, viewer_count,"      \
    " has_error_event, ad_break_until_ms, channel_snapshot, recording_snapshot,"         \
    " failover_slate_snapshot, ingest_configuration"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct stream_session *row = out;

    *row = (struct stream_session){
        .seq = stmt_column_int(q, 0),
        .channel_arn =
            arn_format(txn_arena(txn), &channel_arn_kind, scope, stmt_column_text(q, 1)),
        .stream_id = stmt_column_text(q, 2),
        .started_at_ms = stmt_column_int(q, 3),
        .ended_at_ms = stmt_column_int(q, 4),
        .health = stmt_column_text(q, 5),
        .viewer_count = stmt_column_int(q, 6),
        .has_error_event = stmt_column_bool(q, 7),
        .ad_break_until_ms = stmt_column_int(q, 8),
        .channel_snapshot = stmt_column_text(q, 9),
        .recording_snapshot = stmt_column_text(q, 10),
        .failover_slate_snapshot = stmt_column_text(q, 11),
        .ingest_configuration = stmt_column_text(q, 12),
    };
}

/* A session is never named by an ARN: it has queries of its own below. */
static const struct table table = {.read_row = read_row,
                                   .row_size = sizeof(struct stream_session)};

#define OF_CHANNEL " WHERE account = :account AND region = :region AND channel_id = :id"

enum db_result stream_session_find_live(struct txn *txn, struct scope scope,
                                        const char *channel_arn,
                                        struct stream_session *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM stream_session" OF_CHANNEL " AND ended_at_ms IS NULL";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    return table_read_one(q, txn, &table, scope, out);
}

enum db_result stream_session_find(struct txn *txn, struct scope scope,
                                   const char *channel_arn, const char *stream_id,
                                   struct stream_session *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM stream_session" OF_CHANNEL " AND stream_id = :stream_id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    stmt_text(q, ":stream_id", stream_id);
    return table_read_one(q, txn, &table, scope, out);
}

enum db_result stream_session_find_newest(struct txn *txn, struct scope scope,
                                          const char *channel_arn,
                                          struct stream_session *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM stream_session" OF_CHANNEL " ORDER BY seq DESC LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    return table_read_one(q, txn, &table, scope, out);
}

enum db_result stream_session_list(struct txn *txn, struct scope scope,
                                   const char *channel_arn, int64_t before, size_t limit,
                                   struct stream_session *out, size_t *count)
{
    static const char sql[] = "SELECT " COLUMNS " FROM stream_session" OF_CHANNEL
                              " AND seq < :before ORDER BY seq DESC LIMIT :limit";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    stmt_int(q, ":before", before > 0 ? before : INT64_MAX);
    stmt_int(q, ":limit", (int64_t)limit);
    return table_read_all(q, txn, &table, scope, out, count);
}

enum db_result stream_session_list_live(struct txn *txn, struct scope scope,
                                        const char *health, int64_t after, size_t limit,
                                        struct stream_session *out, size_t *count)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM stream_session"
        " WHERE account = :account AND region = :region AND ended_at_ms IS NULL"
        " AND seq > :after AND (:health IS NULL OR health = :health)"
        " ORDER BY seq LIMIT :limit";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text_or_null(q, ":health", health);
    stmt_int(q, ":after", after);
    stmt_int(q, ":limit", (int64_t)limit);
    return table_read_all(q, txn, &table, scope, out, count);
}

enum db_result stream_session_viewers(struct txn *txn, struct scope scope, int64_t *out)
{
    static const char sql[] =
        "SELECT viewers FROM live_viewers WHERE account = :account AND region = :region";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    enum db_result found = stmt_step(q);
    if (found == DB_ERROR)
        return DB_ERROR;
    *out = found == DB_ROW ? stmt_column_int(q, 0) : 0;
    return DB_DONE;
}

enum db_result stream_session_insert(struct txn *txn, struct scope scope,
                                     struct stream_session *session)
{
    static const char sql[] =
        "INSERT INTO stream_session (account, region, channel_id, stream_id,"
        " started_at_ms, health, viewer_count, has_error_event, ad_break_until_ms,"
        " channel_snapshot, recording_snapshot, failover_slate_snapshot,"
        " ingest_configuration)"
        " VALUES (:account, :region, :id, :stream_id, :started_at_ms, :health,"
        " :viewer_count, :has_error_event, :ad_break_until_ms, :channel_snapshot,"
        " :recording_snapshot, :failover_slate_snapshot, :ingest_configuration) "
        "RETURNING seq";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, session->channel_arn);
    stmt_text(q, ":stream_id", session->stream_id);
    stmt_int(q, ":started_at_ms", session->started_at_ms);
    stmt_text(q, ":health", session->health);
    stmt_int(q, ":viewer_count", session->viewer_count);
    stmt_int(q, ":has_error_event", session->has_error_event);
    stmt_int(q, ":ad_break_until_ms", session->ad_break_until_ms);
    stmt_text(q, ":channel_snapshot", session->channel_snapshot);
    stmt_text_or_null(q, ":recording_snapshot", session->recording_snapshot);
    stmt_text_or_null(q, ":failover_slate_snapshot", session->failover_slate_snapshot);
    stmt_text(q, ":ingest_configuration", session->ingest_configuration);
    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    session->seq = stmt_column_int(q, 0);
    if (stmt_step(q) == DB_ERROR)
        return DB_ERROR;
    return due_add(txn, scope, session->started_at_ms + STREAM_MAX_MS);
}

enum db_result stream_session_update(struct txn *txn, struct scope scope,
                                     const struct stream_session *session)
{
    static const char sql[] =
        "UPDATE stream_session SET ended_at_ms = nullif(:ended_at_ms, 0),"
        " health = :health, viewer_count = :viewer_count,"
        " has_error_event = :has_error_event, ad_break_until_ms = :ad_break_until_ms"
        " WHERE seq = :seq";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":seq", session->seq);
    stmt_int(q, ":ended_at_ms", session->ended_at_ms);
    stmt_text(q, ":health", session->health);
    stmt_int(q, ":viewer_count", session->viewer_count);
    stmt_int(q, ":has_error_event", session->has_error_event);
    stmt_int(q, ":ad_break_until_ms", session->ad_break_until_ms);
    enum db_result done = stmt_step(q);
    if (done == DB_ERROR || session->ended_at_ms == 0)
        return done;
    return due_add(txn, scope, session->ended_at_ms + STREAM_SESSION_KEPT_MS);
}

enum db_result stream_session_delete(struct txn *txn,
                                     const struct stream_session *session)
{
    static const char sql[] = "DELETE FROM stream_session WHERE seq = :seq";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":seq", session->seq);
    return stmt_step(q);
}

enum db_result stream_session_find_oldest_live(struct txn *txn, struct scope scope,
                                               struct stream_session *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM stream_session"
        " WHERE account = :account AND region = :region AND ended_at_ms IS NULL"
        " ORDER BY started_at_ms LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    return table_read_one(q, txn, &table, scope, out);
}

enum db_result stream_session_find_first_ended(struct txn *txn, struct scope scope,
                                               struct stream_session *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM stream_session"
        " WHERE account = :account AND region = :region AND ended_at_ms IS NOT NULL"
        " ORDER BY ended_at_ms LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    return table_read_one(q, txn, &table, scope, out);
}

static enum db_result insert_event(struct txn *txn, int64_t session_seq,
                                   const struct stream_event *event)
{
    static const char sql[] =
        "INSERT INTO stream_event (session_seq, name, type, code, time_ms)"
        " VALUES (:session_seq, :name, :type, :code, :time_ms)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":session_seq", session_seq);
    stmt_text(q, ":name", event->name);
    stmt_text(q, ":type", event->type);
    stmt_text_or_null(q, ":code", event->code);
    stmt_int(q, ":time_ms", event->time_ms);
    return stmt_step(q);
}

/* Deletes the events of a session that it no longer shows. */
static enum db_result delete_oldest_events(struct txn *txn, int64_t session_seq)
{
    static const char sql[] =
        "DELETE FROM stream_event WHERE session_seq = :session_seq AND seq <="
        " (SELECT seq FROM stream_event WHERE session_seq = :session_seq"
        "  ORDER BY seq DESC LIMIT 1 OFFSET :shown)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":session_seq", session_seq);
    stmt_int(q, ":shown", STREAM_SESSION_EVENTS);
    return stmt_step(q);
}

enum db_result stream_event_insert(struct txn *txn, int64_t session_seq,
                                   const struct stream_event *event)
{
    return insert_event(txn, session_seq, event) == DB_ERROR
               ? DB_ERROR
               : delete_oldest_events(txn, session_seq);
}

enum db_result stream_event_list(struct txn *txn, int64_t session_seq,
                                 struct stream_event *out, size_t *count)
{
    static const char sql[] = "SELECT name, type, code, time_ms FROM stream_event"
                              " WHERE session_seq = :session_seq"
                              " ORDER BY seq DESC LIMIT :limit";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    stmt_int(q, ":session_seq", session_seq);
    stmt_int(q, ":limit", STREAM_SESSION_EVENTS);
    *count = 0;
    while ((found = stmt_step(q)) == DB_ROW) {
        out[(*count)++] = (struct stream_event){
            .name = stmt_column_text(q, 0),
            .type = stmt_column_text(q, 1),
            .code = stmt_column_text(q, 2),
            .time_ms = stmt_column_int(q, 3),
        };
    }
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}
