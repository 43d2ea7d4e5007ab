#include "data/failover_slate_configuration.h"

#include "bind_internal.h"
#include "table_internal.h"

const struct arn_kind failover_slate_configuration_arn_kind = {
    "ivs", "failover-slate-configuration"};

#define COLUMNS                                                                          \
    "seq, id, name, activation_threshold_seconds, min_display_seconds,"                  \
    " max_display_seconds, settles_at_ms, settling_state, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct failover_slate_configuration *row = out;

    *row = (struct failover_slate_configuration){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .activation_threshold_seconds = stmt_column_int(q, 3),
        .min_display_seconds = stmt_column_int(q, 4),
        .max_display_seconds = stmt_column_int(q, 5),
        .settles_at_ms = stmt_column_int(q, 6),
        .settling_state = stmt_column_text(q, 7),
        .tags = stmt_column_text(q, 8),
    };
    row->arn = arn_format(txn_arena(txn), &failover_slate_configuration_arn_kind, scope,
                          row->id);
}

static const struct table table = TABLE(failover_slate_configuration, COLUMNS, read_row,
                                        struct failover_slate_configuration);

const char *failover_slate_configuration_state(
    const struct failover_slate_configuration *configuration, int64_t now_ms)
{
    return now_ms < configuration->settles_at_ms ? configuration->settling_state
                                                 : "CREATED";
}

enum db_result failover_slate_configuration_find(struct txn *txn, struct scope scope,
                                                 const char *arn,
                                                 struct failover_slate_configuration *out)
{
    return table_find(txn, &table, scope, arn, out);
}

enum db_result failover_slate_configuration_list(struct txn *txn, struct scope scope,
                                                 int64_t after, size_t limit,
                                                 struct failover_slate_configuration *out,
                                                 size_t *count)
{
    return table_list(txn, &table, scope, after, limit, out, count);
}

/* The parameters that an insert and an update share. */
static void bind_configuration(struct stmt *q, struct scope scope,
                               const struct failover_slate_configuration *configuration)
{
    bind_scope(q, scope);
    stmt_text(q, ":id", configuration->id);
    stmt_text(q, ":name", configuration->name);
    stmt_int(q, ":activation_threshold_seconds",
             configuration->activation_threshold_seconds);
    stmt_int(q, ":min_display_seconds", configuration->min_display_seconds);
    stmt_int(q, ":max_display_seconds", configuration->max_display_seconds);
    stmt_int(q, ":settles_at_ms", configuration->settles_at_ms);
    stmt_text(q, ":settling_state", configuration->settling_state);
}

enum db_result failover_slate_configuration_insert(
    struct txn *txn, struct scope scope,
    const struct failover_slate_configuration *configuration)
{
    static const char sql[] =
        "INSERT INTO failover_slate_configuration (account, region, id, name,"
        " activation_threshold_seconds, min_display_seconds, max_display_seconds,"
        " settles_at_ms, settling_state, tags)"
        " VALUES (:account, :region, :id, :name, :activation_threshold_seconds,"
        " :min_display_seconds, :max_display_seconds, :settles_at_ms,"
        " :settling_state, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_configuration(q, scope, configuration);
    stmt_text(q, ":tags", configuration->tags);
    return stmt_step(q);
}

enum db_result failover_slate_configuration_update(
    struct txn *txn, struct scope scope,
    const struct failover_slate_configuration *configuration)
{
    static const char sql[] =
        "UPDATE failover_slate_configuration SET name = :name,"
        " activation_threshold_seconds = :activation_threshold_seconds,"
        " min_display_seconds = :min_display_seconds,"
        " max_display_seconds = :max_display_seconds,"
        " settles_at_ms = :settles_at_ms, settling_state = :settling_state"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_configuration(q, scope, configuration);
    return stmt_step(q);
}

enum db_result failover_slate_configuration_delete(struct txn *txn, struct scope scope,
                                                   const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}
