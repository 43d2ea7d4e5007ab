#include "data/channel.h"

#include "bind_internal.h"
#include "data/recording_configuration.h"

const struct arn_kind channel_arn_kind = {"ivs", "channel"};

#define COLUMNS                                                                          \
    "seq, id, name, latency_mode, type, preset, container_format, authorized,"           \
    " insecure_ingest, recording_configuration_id, multitrack_input_configuration,"      \
    " srt_passphrase, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope,
                     struct channel *out)
{
    struct arena *arena = txn_arena(txn);
    const char *recording_configuration_id = stmt_column_text(q, 9);

    *out = (struct channel){
        .seq = stmt_column_int(q, 0),
        .id = stmt_column_text(q, 1),
        .name = stmt_column_text(q, 2),
        .latency_mode = stmt_column_text(q, 3),
        .type = stmt_column_text(q, 4),
        .preset = stmt_column_text(q, 5),
        .container_format = stmt_column_text(q, 6),
        .authorized = stmt_column_bool(q, 7),
        .insecure_ingest = stmt_column_bool(q, 8),
        .recording_configuration_arn = "",
        .multitrack_input_configuration = stmt_column_text(q, 10),
        .srt_passphrase = stmt_column_text(q, 11),
        .tags = stmt_column_text(q, 12),
    };
    out->arn = arn_format(arena, &channel_arn_kind, scope, out->id);
    if (recording_configuration_id[0] != '\0')
        out->recording_configuration_arn = arn_format(
            arena, &recording_configuration_arn_kind, scope, recording_configuration_id);
}

enum db_result channel_find(struct txn *txn, struct scope scope, const char *arn,
                            struct channel *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM channel"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, arn);

    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        read_row(q, txn, scope, out);
    return found;
}

#define SELECT_PAGE                                                                      \
    "SELECT " COLUMNS " FROM channel"                                                    \
    " WHERE account = :account AND region = :region AND seq > :after"
#define IN_ORDER " ORDER BY seq LIMIT :limit"

enum db_result channel_list(struct txn *txn, struct scope scope,
                            enum channel_filter filter, const char *value, int64_t after,
                            size_t limit, struct channel *out, size_t *count)
{
    static const char *const sql[] = {
        [CHANNEL_ALL] = SELECT_PAGE IN_ORDER,
        [CHANNEL_NONE] = SELECT_PAGE " AND FALSE" IN_ORDER,
        [CHANNEL_BY_NAME] = SELECT_PAGE " AND name = :value" IN_ORDER,
        [CHANNEL_BY_RECORDING_CONFIGURATION] =
            SELECT_PAGE " AND recording_configuration_id = :value" IN_ORDER,
    };
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql[filter]);
    enum db_result found;

    bind_scope(q, scope);
    stmt_int(q, ":after", after);
    stmt_int(q, ":limit", (int64_t)limit);
    if (filter == CHANNEL_BY_NAME)
        stmt_text(q, ":value", value);
    if (filter == CHANNEL_BY_RECORDING_CONFIGURATION)
        stmt_text(q, ":value", arn_id(&recording_configuration_arn_kind, scope, value));

    *count = 0;
    while ((found = stmt_step(q)) == DB_ROW)
        read_row(q, txn, scope, &out[(*count)++]);
    return found;
}

/* The parameters that an insert and an update share. */
static void bind(struct stmt *q, struct scope scope, const struct channel *channel)
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
    stmt_text_or_null(q, ":multitrack_input_configuration",
                      channel->multitrack_input_configuration);
}

enum db_result channel_insert(struct txn *txn, struct scope scope,
                              const struct channel *channel)
{
    static const char sql[] =
        "INSERT INTO channel (account, region, id, name, latency_mode, type, preset,"
        " container_format, authorized, insecure_ingest, recording_configuration_id,"
        " multitrack_input_configuration, srt_passphrase, tags)"
        " VALUES (:account, :region, :id, :name, :latency_mode, :type, :preset,"
        " :container_format, :authorized, :insecure_ingest, :recording_configuration_id,"
        " :multitrack_input_configuration, :srt_passphrase, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind(q, scope, channel);
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
        " multitrack_input_configuration = :multitrack_input_configuration"
        " WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind(q, scope, channel);
    return stmt_step(q);
}

enum db_result channel_delete(struct txn *txn, struct scope scope, const char *arn)
{
    static const char sql[] =
        "DELETE FROM channel WHERE account = :account AND region = :region AND id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &channel_arn_kind, arn);
    return stmt_step(q);
}

enum db_result channel_uses_recording_configuration(struct txn *txn, struct scope scope,
                                                    const char *arn)
{
    static const char sql[] =
        "SELECT 1 FROM channel WHERE account = :account AND region = :region"
        " AND recording_configuration_id = :id LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &recording_configuration_arn_kind, arn);
    return stmt_step(q);
}
