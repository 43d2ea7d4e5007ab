#include "data/playback_restriction_policy.h"

#include "bind_internal.h"
#include "table_internal.h"

const struct arn_kind playback_restriction_policy_arn_kind = {
    "ivs", "playback-restriction-policy"};

#define COLUMNS                                                                          \
    "seq, id, name, allowed_countries, allowed_origins, strict_origin_enforcement, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct playback_restriction_policy *row = out;

    *row = (struct playback_restriction_policy){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .allowed_countries = stmt_column_text(q, 3),
        .allowed_origins = stmt_column_text(q, 4),
        .strict_origin_enforcement = stmt_column_bool(q, 5),
        .tags = stmt_column_text(q, 6),
    };
    row->arn =
        arn_format(txn_arena(txn), &playback_restriction_policy_arn_kind, scope, row->id);
}

static const struct table table = TABLE(playback_restriction_policy, COLUMNS, read_row,
                                        struct playback_restriction_policy);

enum db_result playback_restriction_policy_find(struct txn *txn, struct scope scope,
                                                const char *arn,
                                                struct playback_restriction_policy *out)
{
    return table_find(txn, &table, scope, arn, out);
}

enum db_result playback_restriction_policy_list(struct txn *txn, struct scope scope,
                                                int64_t after, size_t limit,
                                                struct playback_restriction_policy *out,
                                                size_t *count)
{
    return table_list(txn, &table, scope, after, limit, out, count);
}

/* The parameters that an insert and an update share. */
static void bind_policy(struct stmt *q, struct scope scope,
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

    bind_policy(q, scope, policy);
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

    bind_policy(q, scope, policy);
    return stmt_step(q);
}

enum db_result playback_restriction_policy_delete(struct txn *txn, struct scope scope,
                                                  const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}
