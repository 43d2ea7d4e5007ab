#include "data/playback_restriction_policy.h"

#include "bind_internal.h"

const struct arn_kind playback_restriction_policy_arn_kind = {
    "ivs", "playback-restriction-policy"};

#define COLUMNS                                                                          \
    "seq, id, name, allowed_countries, allowed_origins, strict_origin_enforcement, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope,
                     struct playback_restriction_policy *out)
{
    *out = (struct playback_restriction_policy){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .allowed_countries = stmt_column_text(q, 3),
        .allowed_origins = stmt_column_text(q, 4),
        .strict_origin_enforcement = stmt_column_bool(q, 5),
        .tags = stmt_column_text(q, 6),
    };
    out->arn =
        arn_format(txn_arena(txn), &playback_restriction_policy_arn_kind, scope, out->id);
}

enum db_result playback_restriction_policy_find(struct txn *txn, struct scope scope,
                                                const char *arn,
                                                struct playback_restriction_policy *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM playback_restriction_policy"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &playback_restriction_policy_arn_kind, arn);

    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        read_row(q, txn, scope, out);
    return found;
}

enum db_result playback_restriction_policy_list(struct txn *txn, struct scope scope,
                                                int64_t after, size_t limit,
                                                struct playback_restriction_policy *out,
                                                size_t *count)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM playback_restriction_policy"
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

/* The parameters that an insert and an update share. */
static void bind(struct stmt *q, struct scope scope,
                 const struct playback_restriction_policy *policy)
{
    bind_scope(q, scope);
    stmt_text(q, ":id", policy->id);
    stmt_text(q, ":name", policy->name);
    stmt_text(q, ":allowed_countries", policy->allowed_countries);
    stmt_text(q, ":allowed_origins", policy->allowed_origins);
    stmt_int(q, ":strict_origin_enforcement", policy->strict_origin_enforcement);
}

enum db_result
playback_restriction_policy_insert(struct txn *txn, struct scope scope,
                                   const struct playback_restriction_policy *policy)
{
    static const char sql[] =
        "INSERT INTO playback_restriction_policy (account, region, id, name,"
        " allowed_countries, allowed_origins, strict_origin_enforcement, tags)"
        " VALUES (:account, :region, :id, :name, :allowed_countries, :allowed_origins,"
        " :strict_origin_enforcement, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind(q, scope, policy);
    stmt_text(q, ":tags", policy->tags);
    return stmt_step(q);
}

enum db_result
playback_restriction_policy_update(struct txn *txn, struct scope scope,
                                   const struct playback_restriction_policy *policy)
{
    static const char sql[] =
        "UPDATE playback_restriction_policy SET name = :name,"
        " allowed_countries = :allowed_countries, allowed_origins = :allowed_origins,"
        " strict_origin_enforcement = :strict_origin_enforcement"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind(q, scope, policy);
    return stmt_step(q);
}

enum db_result playback_restriction_policy_delete(struct txn *txn, struct scope scope,
                                                  const char *arn)
{
    static const char sql[] =
        "DELETE FROM playback_restriction_policy"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &playback_restriction_policy_arn_kind, arn);
    return stmt_step(q);
}
