#include "data/recording_configuration.h"

#include "bind_internal.h"
#include "table_internal.h"

const struct arn_kind recording_configuration_arn_kind = {"ivs",
                                                          "recording-configuration"};

#define COLUMNS                                                                          \
    "seq, id, name, bucket_name, reconnect_window_seconds, thumbnail_configuration,"     \
    " rendition_configuration, settles_at_ms, settled_state, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct recording_configuration *row = out;

    *row = (struct recording_configuration){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .bucket_name = stmt_column_text(q, 3),
        .reconnect_window_seconds = stmt_column_int(q, 4),
        .thumbnail_configuration = stmt_column_text(q, 5),
        .rendition_configuration = stmt_column_text(q, 6),
        .settles_at_ms = stmt_column_int(q, 7),
        .settled_state = stmt_column_text(q, 8),
        .tags = stmt_column_text(q, 9),
    };
    row->arn =
        arn_format(txn_arena(txn), &recording_configuration_arn_kind, scope, row->id);
}

static const struct table table =
    TABLE(recording_configuration, COLUMNS, read_row, struct recording_configuration);

const char *
recording_configuration_state(const struct recording_configuration *configuration,
                              int64_t now_ms)
{
    return now_ms < configuration->settles_at_ms ? "CREATING"
                                                 : configuration->settled_state;
}

enum db_result recording_configuration_find(struct txn *txn, struct scope scope,
                                            const char *arn,
                                            struct recording_configuration *out)
{
    return table_find(txn, &table, scope, arn, out);
}

enum db_result recording_configuration_list(struct txn *txn, struct scope scope,
                                            int64_t after, size_t limit,
                                            struct recording_configuration *out,
                                            size_t *count)
{
    return table_list(txn, &table, scope, after, limit, out, count);
}

enum db_result
recording_configuration_insert(struct txn *txn, struct scope scope,
                               const struct recording_configuration *configuration)
{
    static const char sql[] =
        "INSERT INTO recording_configuration (account, region, id, name, bucket_name,"
        " reconnect_window_seconds, thumbnail_configuration, rendition_configuration,"
        " settles_at_ms, settled_state, tags)"
        " VALUES (:account, :region, :id, :name, :bucket_name,"
        " :reconnect_window_seconds, :thumbnail_configuration, :rendition_configuration,"
        " :settles_at_ms, :settled_state, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":id", configuration->id);
    stmt_text(q, ":name", configuration->name);
    stmt_text(q, ":bucket_name", configuration->bucket_name);
    stmt_int(q, ":reconnect_window_seconds", configuration->reconnect_window_seconds);
    stmt_text(q, ":thumbnail_configuration", configuration->thumbnail_configuration);
    stmt_text(q, ":rendition_configuration", configuration->rendition_configuration);
    stmt_int(q, ":settles_at_ms", configuration->settles_at_ms);
    stmt_text(q, ":settled_state", configuration->settled_state);
    stmt_text(q, ":tags", configuration->tags);
    return stmt_step(q);
}

enum db_result recording_configuration_delete(struct txn *txn, struct scope scope,
                                              const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}
