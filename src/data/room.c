#include "data/room.h"

#include "bind_internal.h"
#include "data/logging_configuration.h"
#include "table_internal.h"
#include "update_order_internal.h"

const struct arn_kind room_arn_kind = {"ivschat", "room"};

/* The id of the room's logging configuration at a position. */
#define LOGGING(position)                                                                \
    "(SELECT logging_configuration_id FROM room_logging AS logging"                      \
    " WHERE logging.account = room.account AND logging.region = room.region"             \
    " AND logging.room_id = room.id AND logging.position = " position ")"

#define COLUMNS                                                                          \
    "room.seq, room.update_seq, room.id, room.name,"                                     \
    " room.maximum_message_rate_per_second, room.maximum_message_length,"                \
    " room.message_review_handler_uri IS NOT NULL, room.message_review_handler_uri,"     \
    " room.fallback_result, room.created_at_ms, room.updated_at_ms,"                     \
    " room.tags, " LOGGING("0") ", " LOGGING("1") ", " LOGGING("2")

enum { FIRST_LOGGING_COLUMN = 12 };

static void read_logging(struct stmt *q, struct txn *txn, struct scope scope,
                         struct room *row)
{
    for (int i = 0; i < ROOM_LOGGING_CONFIGURATIONS_MAX; i++) {
        const char *id = stmt_column_text(q, FIRST_LOGGING_COLUMN + i);
        if (id[0] == '\0')
            break;
        row->logging_configuration_arns[row->logging_configuration_count++] =
            arn_format(txn_arena(txn), &logging_configuration_arn_kind, scope, id);
    }
}

static void read_row(struct stmt *q, struct txn *txn, struct scope scope, void *out)
{
    struct room *row = out;

    *row = (struct room){
        .seq = stmt_column_int(q, 0),
        .update_seq = stmt_column_int(q, 1),
        .id = stmt_column_text(q, 2),
        .name = stmt_column_text(q, 3),
        .maximum_message_rate_per_second = stmt_column_int(q, 4),
        .maximum_message_length = stmt_column_int(q, 5),
        .has_message_review_handler = stmt_column_bool(q, 6),
        .message_review_handler_uri = stmt_column_text(q, 7),
        .fallback_result = stmt_column_text(q, 8),
        .created_at_ms = stmt_column_int(q, 9),
        .updated_at_ms = stmt_column_int(q, 10),
        .tags = stmt_column_text(q, 11),
    };
    row->arn = arn_format(txn_arena(txn), &room_arn_kind, scope, row->id);
    read_logging(q, txn, scope, row);
}

static const struct table table = TABLE(room, COLUMNS, read_row, struct room);

enum db_result room_find(struct txn *txn, struct scope scope, const char *arn,
                         struct room *out)
{
    return table_find(txn, &table, scope, arn, out);
}

#define SELECT_OF_SCOPE "SELECT " COLUMNS " FROM room" RESOURCE_OF_SCOPE
#define PAGE " AND room.update_seq < :before ORDER BY room.update_seq DESC LIMIT :limit"
#define ANY_OR_HANDLER                                                                   \
    " AND (:handler IS NULL OR room.message_review_handler_uri = :handler)"
#define ANY_OR_LOGGING                                                                   \
    " AND (:logging IS NULL OR EXISTS (SELECT 1 FROM room_logging AS logging"            \
    "  WHERE logging.account = room.account AND logging.region = room.region"            \
    "  AND logging.room_id = room.id AND logging.logging_configuration_id = :logging))"

/* The query for a filter. Each finds its rooms in the index of one member, and selects
 * from them by the others. */
static const char *query_of_filter(const struct room_filter *filter)
{
    static const char all[] = SELECT_OF_SCOPE PAGE;
    static const char by_name[] =
        SELECT_OF_SCOPE " AND name = :name" ANY_OR_HANDLER ANY_OR_LOGGING PAGE;
    static const char by_handler[] =
        SELECT_OF_SCOPE " AND message_review_handler_uri = :handler" PAGE;
    static const char by_logging[] =
        "SELECT " COLUMNS " FROM room_logging AS used CROSS JOIN room"
        " ON room.account = used.account AND room.region = used.region"
        " AND room.id = used.room_id"
        " WHERE used.account = :account AND used.region = :region"
        " AND used.logging_configuration_id = :logging" ANY_OR_HANDLER
        " AND used.update_seq < :before ORDER BY used.update_seq DESC LIMIT :limit";

    if (filter->name[0] != '\0')
        return by_name;
    if (filter->logging_configuration_arn[0] != '\0')
        return by_logging;
    return filter->message_review_handler_uri[0] != '\0' ? by_handler : all;
}

static void bind_filter(struct stmt *q, struct scope scope,
                        const struct room_filter *filter)
{
    bool has_name = filter->name[0] != '\0';
    bool has_logging = filter->logging_configuration_arn[0] != '\0';
    bool has_handler = filter->message_review_handler_uri[0] != '\0';

    if (has_name)
        stmt_text(q, ":name", filter->name);
    if (has_logging) /* "", which matches nothing, if it is an ARN of another scope */
        stmt_text(q, ":logging",
                  arn_id(&logging_configuration_arn_kind, scope,
                         filter->logging_configuration_arn));
    else if (has_name)
        stmt_text_or_null(q, ":logging", "");
    if (has_name || has_logging || has_handler)
        stmt_text_or_null(q, ":handler", filter->message_review_handler_uri);
}

enum db_result room_list(struct txn *txn, struct scope scope,
                         const struct room_filter *filter, int64_t before, size_t limit,
                         struct room *out, size_t *count)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, query_of_filter(filter));

    bind_scope(q, scope);
    bind_filter(q, scope, filter);
    stmt_int(q, ":before", before > 0 ? before : INT64_MAX);
    stmt_int(q, ":limit", (int64_t)limit);
    return table_read_all(q, txn, &table, scope, out, count);
}

/* The parameters that an insert and an update share. */
static void bind_room(struct stmt *q, struct scope scope, const struct room *room,
                      int64_t update_seq)
{
    bind_scope(q, scope);
    stmt_text(q, ":id", room->id);
    stmt_int(q, ":update_seq", update_seq);
    stmt_text(q, ":name", room->name);
    stmt_int(q, ":maximum_message_rate_per_second",
             room->maximum_message_rate_per_second);
    stmt_int(q, ":maximum_message_length", room->maximum_message_length);
    stmt_int(q, ":has_handler", room->has_message_review_handler);
    stmt_text(q, ":handler", room->message_review_handler_uri);
    stmt_text(q, ":fallback_result", room->fallback_result);
    stmt_int(q, ":updated_at_ms", room->updated_at_ms);
}

static enum db_result insert_logging(struct txn *txn, struct scope scope,
                                     const struct room *room, int64_t update_seq,
                                     size_t position)
{
    static const char sql[] =
        "INSERT INTO room_logging (account, region, room_id, position,"
        " logging_configuration_id, update_seq)"
        " VALUES (:account, :region, :id, :position, :logging, :update_seq)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":id", room->id);
    stmt_int(q, ":position", (int64_t)position);
    stmt_text(q, ":logging",
              arn_id(&logging_configuration_arn_kind, scope,
                     room->logging_configuration_arns[position]));
    stmt_int(q, ":update_seq", update_seq);
    return stmt_step(q);
}

static enum db_result insert_all_logging(struct txn *txn, struct scope scope,
                                         const struct room *room, int64_t update_seq)
{
    for (size_t i = 0; i < room->logging_configuration_count; i++) {
        if (insert_logging(txn, scope, room, update_seq, i) == DB_ERROR)
            return DB_ERROR;
    }
    return DB_DONE;
}

static enum db_result delete_all_logging(struct txn *txn, struct scope scope,
                                         const struct room *room)
{
    static const char sql[] =
        "DELETE FROM room_logging" RESOURCE_OF_SCOPE " AND room_id = :id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":id", room->id);
    return stmt_step(q);
}

static enum db_result insert_row(struct txn *txn, struct scope scope,
                                 const struct room *room, int64_t update_seq)
{
    static const char sql[] =
        "INSERT INTO room (account, region, id, update_seq, name,"
        " maximum_message_rate_per_second, maximum_message_length,"
        " message_review_handler_uri, fallback_result, created_at_ms, updated_at_ms,"
        " tags)"
        " VALUES (:account, :region, :id, :update_seq, :name,"
        " :maximum_message_rate_per_second, :maximum_message_length,"
        " iif(:has_handler, :handler, NULL), :fallback_result, :created_at_ms,"
        " :updated_at_ms, :tags)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_room(q, scope, room, update_seq);
    stmt_int(q, ":created_at_ms", room->created_at_ms);
    stmt_text(q, ":tags", room->tags);
    return stmt_step(q);
}

static enum db_result update_row(struct txn *txn, struct scope scope,
                                 const struct room *room, int64_t update_seq)
{
    static const char sql[] =
        "UPDATE room SET update_seq = :update_seq, name = :name,"
        " maximum_message_rate_per_second = :maximum_message_rate_per_second,"
        " maximum_message_length = :maximum_message_length,"
        " message_review_handler_uri = iif(:has_handler, :handler, NULL),"
        " fallback_result = :fallback_result,"
        " updated_at_ms = :updated_at_ms" RESOURCE_OF_ID;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_room(q, scope, room, update_seq);
    return stmt_step(q);
}

enum db_result room_insert(struct txn *txn, struct scope scope, const struct room *room)
{
    int64_t update_seq;

    if (update_order_next(txn, &update_seq) == DB_ERROR ||
        insert_row(txn, scope, room, update_seq) == DB_ERROR)
        return DB_ERROR;
    return insert_all_logging(txn, scope, room, update_seq);
}

enum db_result room_update(struct txn *txn, struct scope scope, const struct room *room)
{
    int64_t update_seq;

    if (update_order_next(txn, &update_seq) == DB_ERROR ||
        update_row(txn, scope, room, update_seq) == DB_ERROR ||
        delete_all_logging(txn, scope, room) == DB_ERROR)
        return DB_ERROR;
    return insert_all_logging(txn, scope, room, update_seq);
}

enum db_result room_delete(struct txn *txn, struct scope scope, const char *arn)
{
    return table_delete(txn, &table, scope, arn);
}

enum db_result room_exists_with_logging(struct txn *txn, struct scope scope,
                                        const char *logging_configuration_arn)
{
    static const char sql[] = "SELECT 1 FROM room_logging" RESOURCE_OF_SCOPE
                              " AND logging_configuration_id = :id LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_resource(q, scope, &logging_configuration_arn_kind, logging_configuration_arn);
    return stmt_step(q);
}
