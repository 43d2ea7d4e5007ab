#include "data/channel.h"

#include "bind_internal.h"
#include "data/ad_configuration.h"
#include "data/failover_slate_configuration.h"
#include "data/playback_restriction_policy.h"
#include "data/recording_configuration.h"
#include "table_internal.h"

const struct arn_kind channel_arn_kind = {"ivs", "channel"};

#define COLUMNS                                                                          \
    "seq, id, name, latency_mode, type, preset, container_format, authorized,"           \
    " insecure_ingest, recording_configuration_id, playback_restriction_policy_id,"      \
    " ad_configuration_id, failover_slate_configuration_id,"                             \
    " multitrack_input_configuration, srt_passphrase, tags"

/* Reads a column with the id of a resource that the channel refers to, as an ARN or
 * "". */
static const char *reference_arn(struct stmt *q, int column, struct txn *txn,
                                 struct scope scope, const struct arn_kind *kind)
{
    const char *id = stmt_column_text(q, column);

    return id[0] != '\0' ? arn_format(txn_arena(txn), kind, scope, id) : "";
}

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct channel *row = out;

    *row = (struct channel){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .latency_mode = stmt_column_text(q, 3),
        .type = stmt_column_text(q, 4),
        .preset = stmt_column_text(q, 5),
        .container_format = stmt_column_text(q, 6),
        .authorized = stmt_column_bool(q, 7),
        .insecure_ingest = stmt_column_bool(q, 8),
        .recording_configuration_arn =
            reference_arn(q, 9, txn, scope, &recording_configuration_arn_kind),
        .playback_restriction_policy_arn =
            reference_arn(q, 10, txn, scope, &playback_restriction_policy_arn_kind),
        .ad_configuration_arn =
            reference_arn(q, 11, txn, scope, &ad_configuration_arn_kind),
        .failover_slate_configuration_arn =
            reference_arn(q, 12, txn, scope, &failover_slate_configuration_arn_kind),
        .multitrack_input_configuration = stmt_column_text(q, 13),
        .srt_passphrase = stmt_column_text(q, 14),
        .tags = stmt_column_text(q, 15),
    };
    row->arn = arn_format(txn_arena(txn), &channel_arn_kind, scope, row->id);
}

static const struct table table = TABLE(channel, COLUMNS, read_row, struct channel);

enum db_result channel_find(struct txn *txn, struct scope scope, const char *arn,
                            struct channel *out)
{
    return table_find(txn, &table, scope, arn, out);
}

#define OF_SCOPE " FROM channel" RESOURCE_OF_SCOPE
/* clang-format off */
#define FILTER(condition, arn_kind)                                                      \
    {"SELECT " COLUMNS OF_SCOPE condition TABLE_PAGE,                                    \
     "SELECT 1" OF_SCOPE condition " LIMIT 1",                                           \
     arn_kind}
/* clang-format on */

/* Each filter: the queries, and the kind of ARN if the value is one. */
static const struct {
    const char *page;
    const char *exists;
    const struct arn_kind *kind;
} filters[] = {
    [CHANNEL_ALL] = FILTER("", NULL),
    [CHANNEL_BY_NAME] = FILTER(" AND name = :value", NULL),
    [CHANNEL_BY_RECORDING_CONFIGURATION] = FILTER(
        " AND recording_configuration_id = :value", &recording_configuration_arn_kind),
    [CHANNEL_BY_PLAYBACK_RESTRICTION_POLICY] =
        FILTER(" AND playback_restriction_policy_id = :value",
               &playback_restriction_policy_arn_kind),
    [CHANNEL_BY_AD_CONFIGURATION] =
        FILTER(" AND ad_configuration_id = :value", &ad_configuration_arn_kind),
    [CHANNEL_BY_FAILOVER_SLATE_CONFIGURATION] =
        FILTER(" AND failover_slate_configuration_id = :value",
               &failover_slate_configuration_arn_kind),
};

static void bind_filter(struct stmt *q, struct scope scope, enum channel_filter filter,
                        const char *value)
{
    const struct arn_kind *kind = filters[filter].kind;

    bind_scope(q, scope);
    if (filter != CHANNEL_ALL)
        stmt_text(q, ":value", kind != NULL ? arn_id(kind, scope, value) : value);
}

enum db_result channel_list(struct txn *txn, struct scope scope,
                            enum channel_filter filter, const char *value, int64_t after,
                            size_t limit, struct channel *out, size_t *count)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, filters[filter].page);

    bind_filter(q, scope, filter, value);
    stmt_int(q, ":after", after);
    stmt_int(q, ":limit", (int64_t)limit);
    return table_read_all(q, txn, &table, scope, out, count);
}

enum db_result channel_exists(struct txn *txn, struct scope scope,
                              enum channel_filter filter, const char *value)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, filters[filter].exists);

    bind_filter(q, scope, filter, value);
    return stmt_step(q);
}

/* The parameters that an insert and an update share. */
static void bind_channel(struct stmt *q, struct scope scope,
                         const struct channel *channel)
{
    bind_scope(q, scope);
    stmt_text(q, ":id", channel->id);
    stmt_text(q, ":name", channel->name);
    stmt_text(q, ":latency_mode", channel->latency_mode);
    stmt_text(q, ":type", channel->type);
    stmt_text(q, ":preset", channel->preset);
    stmt_text(q, ":container_format", channel->container_format);
    stmt_int(q, ":authorized", channel->authorized);
    stmt_int(q, ":insecure_ingest", channel->insecure_ingest);
    stmt_text_or_null(q, ":recording_configuration_id",
                      arn_id(&recording_configuration_arn_kind, scope,
                             channel->recording_configuration_arn));
    stmt_text_or_null(q, ":playback_restriction_policy_id",
                      arn_id(&playback_restriction_policy_arn_kind, scope,
                             channel->playback_restriction_policy_arn));
    stmt_text_or_null(
        q, ":ad_configuration_id",
        arn_id(&ad_configuration_arn_kind, scope, channel->ad_configuration_arn));
    stmt_text_or_null(q, ":failover_slate_configuration_id",
                      arn_id(&failover_slate_configuration_arn_kind, scope,
                             channel->failover_slate_configuration_arn));
    stmt_text_or_null(q, ":multitrack_input_configuration",
                      channel->multitrack_input_configuration);
}

enum db_result channel_insert(struct txn *txn, struct scope scope,
                              const struct channel *channel)
{
    static const char sql[] =
        "INSERT INTO channel (account, region, id, name, latency_mode, type, preset,"
        " container_format, authorized, insecure_ingest, recording_configuration_id,"
        " playback_restriction_policy_id, ad_configuration_id,"
        " failover_slate_configuration_id, multitrack_input_configuration, "
        "srt_passphrase, tags)"
        " VALUES (:account, :region, :id, :name, :latency_mode, :type, :preset,"
        " :container_format, :authorized, :insecure_ingest, :recording_configuration_id,"
        " :playback_restriction_policy_id, :ad_configuration_id,"
        " :failover_slate_configuration_id, :multitrack_input_configuration, "
        ":srt_passphrase, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_channel(q, scope, channel);
    stmt_text(q, ":srt_passphrase", channel->srt_passphrase);
    stmt_text(q, ":tags", channel->tags);
    return stmt_step(q);
}

enum db_result channel_update(struct txn *txn, struct scope scope,
                              const struct channel *channel)
{
    static const char sql[] =
        "UPDATE channel SET name = :name, latency_mode = :latency_mode, type = :type,"
        " preset = :preset, container_format = :container_format,"
        " authorized = :authorized, insecure_ingest = :insecure_ingest,"
        " recording_configuration_id = :recording_configuration_id,"
        " playback_restriction_policy_id = :playback_restriction_policy_id,"
        " ad_configuration_id = :ad_configuration_id,"
        " failover_slate_configuration_id = :failover_slate_configuration_id,"
        " multitrack_input_configuration = :multitrack_input_configuration"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_channel(q, scope, channel);
    return stmt_step(q);
}

enum db_result channel_delete(struct txn *txn, struct scope scope, const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}
