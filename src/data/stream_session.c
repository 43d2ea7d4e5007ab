#include "data/stream_session.h"

#include "bind_internal.h"
#include "clock_internal.h"
#include "data/channel.h"
#include "data/topics.h"
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
#define KEPT " AND (ended_at_ms IS NULL OR ended_at_ms >= :kept_since)"

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
                                   int64_t kept_since_ms, struct stream_session *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM stream_session" OF_CHANNEL KEPT
        " AND (:stream_id IS NULL OR stream_id = :stream_id) ORDER BY seq DESC LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    stmt_int(q, ":kept_since", kept_since_ms);
    stmt_text_or_null(q, ":stream_id", stream_id);
    return table_read_one(q, txn, &table, scope, out);
}

enum db_result stream_session_list(struct txn *txn, struct scope scope,
                                   const char *channel_arn, int64_t kept_since_ms,
                                   int64_t before, size_t limit,
                                   struct stream_session *out, size_t *count)
{
    static const char sql[] = "SELECT " COLUMNS " FROM stream_session" OF_CHANNEL KEPT
                              " AND seq < :before ORDER BY seq DESC LIMIT :limit";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    stmt_int(q, ":kept_since", kept_since_ms);
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
        "SELECT coalesce(sum(viewer_count), 0) FROM stream_session"
        " INDEXED BY stream_session_live_in_order"
        " WHERE account = :account AND region = :region AND ended_at_ms IS NULL";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = stmt_column_int(q, 0);
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
    txn_note(txn, TOPIC_DUE); /* it may reach its maximum length */
    return stmt_step(q) == DB_ERROR ? DB_ERROR : DB_DONE;
}

enum db_result stream_session_update(struct txn *txn,
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
    return stmt_step(q);
}

enum db_result stream_session_delete_ended(struct txn *txn, struct scope scope,
                                           const char *channel_arn,
                                           int64_t ended_before_ms)
{
    static const char sql[] =
        "DELETE FROM stream_session" OF_CHANNEL " AND ended_at_ms < :ended_before";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    stmt_int(q, ":ended_before", ended_before_ms);
    return stmt_step(q);
}

enum db_result stream_session_find_oldest_live(struct txn *txn, struct scope *scope,
                                               int64_t *offset_ms,
                                               struct stream_session *out)
{
    static const char sql[] =
        FIRST_BY_CLOCK(COLUMNS, "stream_session", "ended_at_ms IS NULL", "started_at_ms");
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found = stmt_step(q);

    if (found != DB_ROW)
        return found;
    scope->account = stmt_column_text(q, 13);
    scope->region = stmt_column_text(q, 14);
    *offset_ms = stmt_column_int(q, 15);
    read_row(q, txn, *scope, out);
    return DB_ROW;
}

enum db_result stream_event_insert(struct txn *txn, int64_t session_seq,
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
