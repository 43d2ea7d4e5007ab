#include "data/logging_configuration.h"

#include "bind_internal.h"
#include "data/due.h"
#include "table_internal.h"
#include "update_order_internal.h"

#include <string.h>

const struct arn_kind logging_configuration_arn_kind = {"ivschat",
                                                        "logging-configuration"};

#define COLUMNS                                                                          \
    "seq, update_seq, id, name, destination_kind, destination_name, created_at_ms,"      \
    " updated_at_ms, transition, settles_at_ms, settled_state, tags"

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct logging_configuration *row = out;

    *row = (struct logging_configuration){
        .seq = stmt_column_int(q, 0),
        .update_seq = stmt_column_int(q, 1),
        .id = stmt_column_text(q, 2),
        .name = stmt_column_text(q, 3),
        .destination_kind = stmt_column_text(q, 4),
        .destination_name = stmt_column_text(q, 5),
        .created_at_ms = stmt_column_int(q, 6),
        .updated_at_ms = stmt_column_int(q, 7),
        .transition = stmt_column_text(q, 8),
        .settles_at_ms = stmt_column_int(q, 9),
        .settled_state = stmt_column_text(q, 10),
        .tags = stmt_column_text(q, 11),
    };
    row->arn =
        arn_format(txn_arena(txn), &logging_configuration_arn_kind, scope, row->id);
}

static const struct table table =
    TABLE(logging_configuration, COLUMNS, read_row, struct logging_configuration);

static bool is_to_be_deleted(const struct logging_configuration *configuration)
{
    return strcmp(configuration->settled_state, "DELETED") == 0;
}

const char *logging_configuration_state(const struct logging_configuration *configuration,
                                        int64_t now_ms)
{
    return now_ms < configuration->settles_at_ms || is_to_be_deleted(configuration)
               ? configuration->transition
               : configuration->settled_state;
}

enum db_result logging_configuration_find(struct txn *txn, struct scope scope,
                                          const char *arn,
                                          struct logging_configuration *out)
{
    return table_find(txn, &table, scope, arn, out);
}

enum db_result logging_configuration_list(struct txn *txn, struct scope scope,
                                          int64_t before, size_t limit,
                                          struct logging_configuration *out,
                                          size_t *count)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM logging_configuration" RESOURCE_OF_SCOPE
        " AND update_seq < :before ORDER BY update_seq DESC LIMIT :limit";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_int(q, ":before", before > 0 ? before : INT64_MAX);
    stmt_int(q, ":limit", (int64_t)limit);
    return table_read_all(q, txn, &table, scope, out, count);
}

/* The parameters that an insert and an update share. */
static void bind_configuration(struct stmt *q, struct scope scope,
                               const struct logging_configuration *configuration,
                               int64_t update_seq)
{
    bind_scope(q, scope);
    stmt_text(q, ":id", configuration->id);
    stmt_int(q, ":update_seq", update_seq);
    stmt_text(q, ":name", configuration->name);
    stmt_text(q, ":destination_kind", configuration->destination_kind);
    stmt_text(q, ":destination_name", configuration->destination_name);
    stmt_int(q, ":updated_at_ms", configuration->updated_at_ms);
    stmt_text(q, ":transition", configuration->transition);
    stmt_int(q, ":settles_at_ms", configuration->settles_at_ms);
    stmt_text(q, ":settled_state", configuration->settled_state);
}

enum db_result
logging_configuration_insert(struct txn *txn, struct scope scope,
                             const struct logging_configuration *configuration)
{
    static const char sql[] =
        "INSERT INTO logging_configuration (account, region, id, update_seq, name,"
        " destination_kind, destination_name, created_at_ms, updated_at_ms, transition,"
        " settles_at_ms, settled_state, tags)"
        " VALUES (:account, :region, :id, :update_seq, :name,"
        " :destination_kind, :destination_name, :created_at_ms, :updated_at_ms,"
        " :transition, :settles_at_ms, :settled_state, :tags)";
    int64_t update_seq;

    if (update_order_next(txn, &update_seq) == DB_ERROR)
        return DB_ERROR;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    bind_configuration(q, scope, configuration, update_seq);
    stmt_int(q, ":created_at_ms", configuration->created_at_ms);
    stmt_text(q, ":tags", configuration->tags);
    return stmt_step(q);
}

enum db_result
logging_configuration_update(struct txn *txn, struct scope scope,
                             const struct logging_configuration *configuration)
{
    static const char sql[] =
        "UPDATE logging_configuration SET update_seq = :update_seq,"
        " name = :name, destination_kind = :destination_kind,"
        " destination_name = :destination_name, updated_at_ms = :updated_at_ms,"
        " transition = :transition, settles_at_ms = :settles_at_ms,"
        " settled_state = :settled_state" RESOURCE_OF_ID;
    int64_t update_seq;

    if (update_order_next(txn, &update_seq) == DB_ERROR)
        return DB_ERROR;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    bind_configuration(q, scope, configuration, update_seq);
    enum db_result done = stmt_step(q);
    if (done == DB_ERROR || !is_to_be_deleted(configuration))
        return done;
    return due_add(txn, scope, configuration->settles_at_ms);
}

enum db_result logging_configuration_delete(struct txn *txn, struct scope scope,
                                            const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}

enum db_result logging_configuration_find_next_deletion(struct txn *txn,
                                                        struct scope scope,
                                                        struct logging_configuration *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM logging_configuration" RESOURCE_OF_SCOPE
        " AND settled_state = 'DELETED' ORDER BY settles_at_ms LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    return table_read_one(q, txn, &table, scope, out);
}
