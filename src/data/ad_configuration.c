#include "data/ad_configuration.h"

#include "bind_internal.h"
#include "table_internal.h"

const struct arn_kind ad_configuration_arn_kind = {"ivs", "ad-configuration"};

#define COLUMNS                                                                          \
    "seq, id, name, media_tailor_playback_configurations, post_roll_configuration, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct ad_configuration *row = out;

    *row = (struct ad_configuration){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .media_tailor_playback_configurations = stmt_column_text(q, 3),
        .post_roll_configuration = stmt_column_text(q, 4),
        .tags = stmt_column_text(q, 5),
    };
    row->arn = arn_format(txn_arena(txn), &ad_configuration_arn_kind, scope, row->id);
}

static const struct table table =
    TABLE(ad_configuration, COLUMNS, read_row, struct ad_configuration);

enum db_result ad_configuration_find(struct txn *txn, struct scope scope, const char *arn,
                                     struct ad_configuration *out)
{
    return table_find(txn, &table, scope, arn, out);
}

enum db_result ad_configuration_list(struct txn *txn, struct scope scope, int64_t after,
                                     size_t limit, struct ad_configuration *out,
                                     size_t *count)
{
    return table_list(txn, &table, scope, after, limit, out, count);
}

/* The parameters that an insert and an update share. */
static void bind_configuration(struct stmt *q, struct scope scope,
                               const struct ad_configuration *configuration)
{
    bind_scope(q, scope);
    stmt_text(q, ":id", configuration->id);
    stmt_text(q, ":name", configuration->name);
    stmt_text(q, ":media_tailor_playback_configurations",
              configuration->media_tailor_playback_configurations);
    stmt_text(q, ":post_roll_configuration", configuration->post_roll_configuration);
}

enum db_result ad_configuration_insert(struct txn *txn, struct scope scope,
                                       const struct ad_configuration *configuration)
{
    static const char sql[] =
        "INSERT INTO ad_configuration (account, region, id, name,"
        " media_tailor_playback_configurations, post_roll_configuration, tags)"
        " VALUES (:account, :region, :id, :name, :media_tailor_playback_configurations,"
        " :post_roll_configuration, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_configuration(q, scope, configuration);
    stmt_text(q, ":tags", configuration->tags);
    return stmt_step(q);
}

enum db_result ad_configuration_update(struct txn *txn, struct scope scope,
                                       const struct ad_configuration *configuration)
{
    static const char sql[] =
        "UPDATE ad_configuration SET name = :name,"
        " media_tailor_playback_configurations = :media_tailor_playback_configurations,"
        " post_roll_configuration = :post_roll_configuration"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_configuration(q, scope, configuration);
    return stmt_step(q);
}

enum db_result ad_configuration_delete(struct txn *txn, struct scope scope,
                                       const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}
