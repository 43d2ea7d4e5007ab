#include "data/playback_key_pair.h"

#include "bind_internal.h"

const struct arn_kind playback_key_pair_arn_kind = {"ivs", "playback-key"};

#define COLUMNS "seq, id, name, fingerprint, public_key, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope,
                     struct playback_key_pair *out)
{
    *out = (struct playback_key_pair){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .fingerprint = stmt_column_text(q, 3),
        .public_key = stmt_column_text(q, 4),
        .tags = stmt_column_text(q, 5),
    };
    out->arn = arn_format(txn_arena(txn), &playback_key_pair_arn_kind, scope, out->id);
}

/* Runs a query that answers one key pair. */
static enum db_result read_one(struct stmt *q, struct txn *txn, struct scope scope,
                               struct playback_key_pair *out)
{
    enum db_result found = stmt_step(q);

    if (found == DB_ROW)
        read_row(q, txn, scope, out);
    return found;
}

enum db_result playback_key_pair_find(struct txn *txn, struct scope scope,
                                      const char *arn, struct playback_key_pair *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM playback_key_pair"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &playback_key_pair_arn_kind, arn);
    return read_one(q, txn, scope, out);
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
    return read_one(q, txn, scope, out);
}

enum db_result playback_key_pair_list(struct txn *txn, struct scope scope, int64_t after,
                                      size_t limit, struct playback_key_pair *out,
                                      size_t *count)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM playback_key_pair"
        " WHERE account = :account AND region = :region AND seq > :after"
        " ORDER BY seq LIMIT :limit";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    bind_scope(q, scope);
    stmt_int(q, ":after", after);
    stmt_int(q, ":limit", (int64_t)limit);

    *count = 0;
    while ((found = stmt_step(q)) == DB_ROW)
        read_row(q, txn, scope, &out[(*count)++]);
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
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
    static const char sql[] =
        "DELETE FROM playback_key_pair"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &playback_key_pair_arn_kind, arn);
    return stmt_step(q);
}
