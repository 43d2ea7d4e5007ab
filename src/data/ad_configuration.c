#include "data/ad_configuration.h"

#include "bind_internal.h"

const struct arn_kind ad_configuration_arn_kind = {"ivs", "ad-configuration"};

#define COLUMNS                                                                          \
    "seq, id, name, media_tailor_playback_configurations, post_roll_configuration, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope,
                     struct ad_configuration *out)
{
    *out = (struct ad_configuration){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .media_tailor_playback_configurations = stmt_column_text(q, 3),
        .post_roll_configuration = stmt_column_text(q, 4),
        .tags = stmt_column_text(q, 5),
    };
    out->arn = arn_format(txn_arena(txn), &ad_configuration_arn_kind, scope, out->id);
}

enum db_result ad_configuration_find(struct txn *txn, struct scope scope, const char *arn,
                                     struct ad_configuration *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM ad_configuration"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &ad_configuration_arn_kind, arn);

    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        read_row(q, txn, scope, out);
    return found;
}

enum db_result ad_configuration_list(struct txn *txn, struct scope scope, int64_t after,
                                     size_t limit, struct ad_configuration *out,
                                     size_t *count)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM ad_configuration"
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

    bind(q, scope, configuration);
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

    bind(q, scope, configuration);
    return stmt_step(q);
}

enum db_result ad_configuration_delete(struct txn *txn, struct scope scope,
                                       const char *arn)
{
    static const char sql[] =
        "DELETE FROM ad_configuration"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &ad_configuration_arn_kind, arn);
    return stmt_step(q);
}
