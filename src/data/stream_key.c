#include "data/stream_key.h"

#include "bind_internal.h"
#include "data/channel.h"
#include "table_internal.h"

const struct arn_kind stream_key_arn_kind = {"ivs", "stream-key"};

#define COLUMNS "id, channel_id, value, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct arena *arena = txn_arena(txn);
    struct stream_key *row = out;

    *row = (struct stream_key){
        .id = stmt_column_text(q, 0),
        .channel_arn =
            arn_format(arena, &channel_arn_kind, scope, stmt_column_text(q, 1)),
        .value = stmt_column_text(q, 2),
        .tags = stmt_column_text(q, 3),
    };
    row->arn = arn_format(arena, &stream_key_arn_kind, scope, row->id);
}

static const struct table table = TABLE(stream_key, COLUMNS, read_row, struct stream_key);

enum db_result stream_key_find(struct txn *txn, struct scope scope, const char *arn,
                               struct stream_key *out)
{
    return table_find(txn, &table, scope, arn, out);
}

enum db_result stream_key_find_by_channel(struct txn *txn, struct scope scope,
                                          const char *channel_arn, struct stream_key *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM stream_key"
        " WHERE account = :account AND region = :region AND channel_id = :channel_id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":channel_id", arn_id(&channel_arn_kind, scope, channel_arn));
    return table_read_one(q, txn, &table, scope, out);
}

enum db_result stream_key_find_channel(struct txn *txn, const char *value,
                                       const char **channel_arn)
{
    static const char sql[] =
        "SELECT account, region, channel_id FROM stream_key WHERE value = :value";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_text(q, ":value", value);
    enum db_result found = stmt_step(q);
    if (found != DB_ROW)
        return found;
    const struct scope scope = {.account = stmt_column_text(q, 0),
                                .region = stmt_column_text(q, 1)};
    *channel_arn =
        arn_format(txn_arena(txn), &channel_arn_kind, scope, stmt_column_text(q, 2));
    return DB_ROW;
}

enum db_result stream_key_insert(struct txn *txn, struct scope scope,
                                 const struct stream_key *key)
{
    static const char sql[] =
        "INSERT INTO stream_key (account, region, id, channel_id, value, tags)"
        " VALUES (:account, :region, :id, :channel_id, :value, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":id", key->id);
    stmt_text(q, ":channel_id", arn_id(&channel_arn_kind, scope, key->channel_arn));
    stmt_text(q, ":value", key->value);
    stmt_text(q, ":tags", key->tags);
    return stmt_step(q);
}

enum db_result stream_key_delete(struct txn *txn, struct scope scope, const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}
