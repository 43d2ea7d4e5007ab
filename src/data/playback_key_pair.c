#include "data/playback_key_pair.h"

#include "bind_internal.h"
#include "table_internal.h"

const struct arn_kind playback_key_pair_arn_kind = {"ivs", "playback-key"};

#define COLUMNS "seq, id, name, fingerprint, public_key, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct playback_key_pair *row = out;

    *row = (struct playback_key_pair){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .fingerprint = stmt_column_text(q, 3),
        .public_key = stmt_column_text(q, 4),
        .tags = stmt_column_text(q, 5),
    };
    row->arn = arn_format(txn_arena(txn), &playback_key_pair_arn_kind, scope, row->id);
}

static const struct table table =
    TABLE(playback_key_pair, COLUMNS, read_row, struct playback_key_pair);

enum db_result playback_key_pair_find(struct txn *txn, struct scope scope,
                                      const char *arn, struct playback_key_pair *out)
{
    return table_find(txn, &table, scope, arn, out);
}

enum db_result playback_key_pair_find_by_fingerprint(struct txn *txn, struct scope scope,
                                                     const char *fingerprint,
                                                     struct playback_key_pair *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM playback_key_pair"
        " WHERE account = :account AND region = :region AND fingerprint = :fingerprint";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":fingerprint", fingerprint);
    return table_read_one(q, txn, &table, scope, out);
}

enum db_result playback_key_pair_list(struct txn *txn, struct scope scope, int64_t after,
                                      size_t limit, struct playback_key_pair *out,
                                      size_t *count)
{
    return table_list(txn, &table, scope, after, limit, out, count);
}

enum db_result playback_key_pair_insert(struct txn *txn, struct scope scope,
                                        const struct playback_key_pair *pair)
{
    static const char sql[] =
        "INSERT INTO playback_key_pair (account, region, id, name, fingerprint,"
        " public_key, tags)"
        " VALUES (:account, :region, :id, :name, :fingerprint, :public_key, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":id", pair->id);
    stmt_text(q, ":name", pair->name);
    stmt_text(q, ":fingerprint", pair->fingerprint);
    stmt_text(q, ":public_key", pair->public_key);
    stmt_text(q, ":tags", pair->tags);
    return stmt_step(q);
}

enum db_result playback_key_pair_delete(struct txn *txn, struct scope scope,
                                        const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}
