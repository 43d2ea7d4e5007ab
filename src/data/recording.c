#include "data/recording.h"

#include "bind_internal.h"
#include "data/channel.h"
#include "data/due.h"
#include "data/recording_configuration.h"

#define COLUMNS                                                                          \
    "channel_id, channel_name, session_id, configuration_id, bucket_name, key_prefix,"   \
    " reconnect_window_ms, started_at_ms, recorded_ms, ends_at_ms, stream_ids,"          \
    " ingest_configuration"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope,
                     struct recording *out)
{
    struct arena *arena = txn_arena(txn);

    *out = (struct recording){
        .channel_arn =
            arn_format(arena, &channel_arn_kind, scope, stmt_column_text(q, 0)),
        .channel_name = stmt_column_text(q, 1),
        .session_id = stmt_column_text(q, 2),
        .configuration_arn = arn_format(arena, &recording_configuration_arn_kind, scope,
                                        stmt_column_text(q, 3)),
        .bucket_name = stmt_column_text(q, 4),
        .key_prefix = stmt_column_text(q, 5),
        .reconnect_window_ms = stmt_column_int(q, 6),
        .started_at_ms = stmt_column_int(q, 7),
        .recorded_ms = stmt_column_int(q, 8),
        .ends_at_ms = stmt_column_int(q, 9),
        .stream_ids = stmt_column_text(q, 10),
        .ingest_configuration = stmt_column_text(q, 11),
    };
}

enum db_result recording_find(struct txn *txn, struct scope scope,
                              const char *channel_arn, struct recording *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM recording"
        " WHERE account = :account AND region = :region AND channel_id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        read_row(q, txn, scope, out);
    return found;
}

enum db_result recording_find_next_end(struct txn *txn, struct scope scope,
                                       struct recording *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM recording"
        " WHERE account = :account AND region = :region AND ends_at_ms IS NOT NULL"
        " ORDER BY ends_at_ms LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        read_row(q, txn, scope, out);
    return found;
}

enum db_result recording_put(struct txn *txn, struct scope scope,
                             const struct recording *recording)
{
    static const char sql[] =
        "INSERT OR REPLACE INTO recording (account, region, channel_id, channel_name,"
        " session_id, configuration_id, bucket_name, key_prefix, reconnect_window_ms,"
        " started_at_ms, recorded_ms, ends_at_ms, stream_ids, ingest_configuration)"
        " VALUES (:account, :region, :id, :channel_name, :session_id,"
        " :configuration_id, :bucket_name, :key_prefix, :reconnect_window_ms,"
        " :started_at_ms, :recorded_ms, nullif(:ends_at_ms, 0), :stream_ids,"
        " :ingest_configuration)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, recording->channel_arn);
    stmt_text(q, ":channel_name", recording->channel_name);
    stmt_text(q, ":session_id", recording->session_id);
    stmt_text(
        q, ":configuration_id",
        arn_id(&recording_configuration_arn_kind, scope, recording->configuration_arn));
    stmt_text(q, ":bucket_name", recording->bucket_name);
    stmt_text(q, ":key_prefix", recording->key_prefix);
    stmt_int(q, ":reconnect_window_ms", recording->reconnect_window_ms);
    stmt_int(q, ":started_at_ms", recording->started_at_ms);
    stmt_int(q, ":recorded_ms", recording->recorded_ms);
    stmt_int(q, ":ends_at_ms", recording->ends_at_ms);
    stmt_text(q, ":stream_ids", recording->stream_ids);
    stmt_text(q, ":ingest_configuration", recording->ingest_configuration);
    enum db_result done = stmt_step(q);
    if (done == DB_ERROR || recording->ends_at_ms == 0)
        return done;
    return due_add(txn, scope, recording->ends_at_ms);
}

enum db_result recording_delete(struct txn *txn, struct scope scope,
                                const char *channel_arn)
{
    static const char sql[] =
        "DELETE FROM recording"
        " WHERE account = :account AND region = :region AND channel_id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, channel_arn);
    return stmt_step(q);
}
