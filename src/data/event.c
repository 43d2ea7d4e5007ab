#include "data/event.h"

#include "bind_internal.h"
#include "data/event_delivery.h"
#include "data/topics.h"

#include <stdbool.h>

#define COLUMNS "event.seq, detail_type, resource_arn, envelope"

static void read_row(struct stmt *q, struct event *out)
{
    *out = (struct event){
        .seq = stmt_column_int(q, 0),
        .detail_type = stmt_column_text(q, 1),
        .resource_arn = stmt_column_text(q, 2),
        .envelope = stmt_column_text(q, 3),
    };
}

static enum db_result read_rows(struct stmt *q, struct event *out, size_t *count)
{
    enum db_result found;

    *count = 0;
    while ((found = stmt_step(q)) == DB_ROW)
        read_row(q, &out[(*count)++]);
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

/* Which events there are, and up to which one every open target has them. */
struct extent {
    int64_t first_seq;
    int64_t last_seq;
    int64_t delivered_seq; /* last_seq if no target is open */
};

static enum db_result read_extent(struct txn *txn, struct extent *out)
{
    static const char sql[] =
        "SELECT (SELECT min(seq) FROM event), (SELECT max(seq) FROM event),"
        " coalesce((SELECT min(delivered_seq) FROM event_target WHERE configured = 1),"
        "  (SELECT max(seq) FROM event))";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = (struct extent){
        .first_seq = stmt_column_int(q, 0),
        .last_seq = stmt_column_int(q, 1),
        .delivered_seq = stmt_column_int(q, 2),
    };
    return DB_DONE;
}

/* Whether the deliveries of `event` to `event_target` are not done. */
#define IS_OWED                                                                          \
    " NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.event_seq = event.seq"           \
    "  AND delivery.target = event_target.url AND delivery.state <> 'PENDING')"

/* Counts the events up to `seq` as dropped by the open targets that have not received
 * them. */
static enum db_result count_dropped(struct txn *txn, int64_t seq)
{
    static const char sql[] =
        "UPDATE event_target SET dropped = dropped + (SELECT count(*) FROM event"
        "  WHERE event.seq > event_target.delivered_seq AND event.seq <= :seq"
        "  AND" IS_OWED ") WHERE configured = 1 AND delivered_seq < :seq";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":seq", seq);
    return stmt_step(q);
}

static enum db_result delete_up_to(struct txn *txn, int64_t seq)
{
    static const char sql[] = "DELETE FROM event WHERE seq <= :seq";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":seq", seq);
    return stmt_step(q);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Deletes a few of the events beyond those that are kept: a limited number, so that a
 * call does not take long, but always more than a call adds. */
static enum db_result delete_oldest(struct txn *txn)
{
    enum { MAX_AT_ONCE = 100 };
    struct extent extent;

    if (read_extent(txn, &extent) == DB_ERROR)
        return DB_ERROR;
    int64_t last =
        smaller(extent.first_seq + MAX_AT_ONCE - 1, extent.last_seq - EVENTS_KEPT);
    if (last > extent.delivered_seq) {
        last = smaller(last, extent.last_seq - EVENTS_PENDING_MAX);
        last = last > extent.delivered_seq ? last : extent.delivered_seq;
    }
    if (last < extent.first_seq)
        return DB_DONE;
    if (last > extent.delivered_seq && count_dropped(txn, last) == DB_ERROR)
        return DB_ERROR;
    return delete_up_to(txn, last);
}

static enum db_result insert_row(struct txn *txn, struct scope scope,
                                 const struct event *event)
{
    static const char sql[] =
        "INSERT INTO event (account, region, detail_type, resource_arn, envelope,"
        "  event_id)"
        " VALUES (:account, :region, :detail_type, :resource_arn, :envelope,"
        "  coalesce(json_extract(:envelope, '$.id'), ''))";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":detail_type", event->detail_type);
    stmt_text_or_null(q, ":resource_arn", event->resource_arn);
    stmt_text(q, ":envelope", event->envelope);
    return stmt_step(q);
}

enum db_result event_insert(struct txn *txn, struct scope scope,
                            const struct event *event)
{
    if (insert_row(txn, scope, event) == DB_ERROR)
        return DB_ERROR;
    txn_note(txn, TOPIC_EVENTS);
    return delete_oldest(txn);
}

#define SELECT_AFTER "SELECT " COLUMNS " FROM event WHERE seq > :after"
#define OF_SCOPE " AND account = :account AND region = :region"
#define OF_TYPE " AND detail_type = :detail_type"
#define OF_RESOURCE " AND resource_arn = :resource_arn"
#define IN_ORDER " ORDER BY seq LIMIT :limit"
/* The queries with and without the two filters. */
#define SELECT_PAGES(select)                                                             \
    {                                                                                    \
        {select IN_ORDER, select OF_RESOURCE IN_ORDER},                                  \
        {                                                                                \
            select OF_TYPE IN_ORDER, select OF_TYPE OF_RESOURCE IN_ORDER                 \
        }                                                                                \
    }

enum db_result event_list(struct txn *txn, const struct scope *scope,
                          const struct event_filter *filter, int64_t after, size_t limit,
                          struct event *out, size_t *count)
{
    /* One query for each combination, so that those of a scope use an index. */
    static const char *const sql[2][2][2] = {SELECT_PAGES(SELECT_AFTER),
                                             SELECT_PAGES(SELECT_AFTER OF_SCOPE)};
    bool by_type = filter->detail_type != NULL;
    bool by_resource = filter->resource_arn != NULL;
    struct stmt *q AUTO(stmt_done) =
        txn_query(txn, sql[scope != NULL][by_type][by_resource]);

    if (scope != NULL)
        bind_scope(q, *scope);
    stmt_int(q, ":after", after);
    stmt_int(q, ":limit", (int64_t)limit);
    if (by_type)
        stmt_text(q, ":detail_type", filter->detail_type);
    if (by_resource)
        stmt_text(q, ":resource_arn", filter->resource_arn);
    return read_rows(q, out, count);
}

/* Reads the only row of a query. */
static enum db_result read_one(struct stmt *q, struct event *out)
{
    enum db_result found = stmt_step(q);

    if (found == DB_ROW)
        read_row(q, out);
    return found;
}

enum db_result event_find(struct txn *txn, const struct scope *scope,
                          const char *event_id, struct event *out)
{
#define BY_ID "SELECT " COLUMNS " FROM event WHERE event_id = :event_id"
    static const char *const sql[] = {
        BY_ID,
        BY_ID " AND account = :account AND region = :region",
    };
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql[scope != NULL]);

    if (scope != NULL)
        bind_scope(q, *scope);
    stmt_text(q, ":event_id", event_id);
    return read_one(q, out);
}

enum db_result event_next_again(struct txn *txn, const char *url, int64_t after,
                                int64_t taken, struct event *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM event_target"
        " CROSS JOIN delivery ON target = url CROSS JOIN event ON seq = event_seq"
        " WHERE url = :url AND state = 'PENDING'"
        "  AND event_seq > :after AND event_seq <= max(delivered_seq, :taken)"
        " ORDER BY event_seq LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_text(q, ":url", url);
    stmt_int(q, ":after", after);
    stmt_int(q, ":taken", taken);
    return read_one(q, out);
}

enum db_result event_next(struct txn *txn, const char *url, int64_t after,
                          struct event *out)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM event_target CROSS JOIN event"
        " WHERE url = :url AND seq > max(delivered_seq, :after) AND" IS_OWED
        " ORDER BY seq LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_text(q, ":url", url);
    stmt_int(q, ":after", after);
    return read_one(q, out);
}

enum db_result event_list_all(struct txn *txn, int64_t after, size_t limit,
                              struct event *out, size_t *count)
{
    static const struct event_filter any = {0};

    return event_list(txn, NULL, &any, after, limit, out, count);
}

enum db_result event_count_each(struct txn *txn,
                                void (*each)(void *context, struct scope scope,
                                             int64_t count),
                                void *context)
{
    static const char sql[] =
        "SELECT account, region, count(*) FROM event GROUP BY account, region";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    while ((found = stmt_step(q)) == DB_ROW)
        each(context, (struct scope){stmt_column_text(q, 0), stmt_column_text(q, 1)},
             stmt_column_int(q, 2));
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

enum db_result event_last_seq(struct txn *txn, int64_t *seq)
{
    static const char sql[] = "SELECT coalesce(max(seq), 0) FROM event";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *seq = stmt_column_int(q, 0);
    return DB_DONE;
}

/* Inserts the target's row, positioned at the newest event, unless it exists. */
static enum db_result insert_target(struct txn *txn, const char *url)
{
    static const char sql[] =
        "INSERT INTO event_target (url, delivered_seq, configured)"
        " VALUES (:url, (SELECT coalesce(max(seq), 0) FROM event), 1)"
        " ON CONFLICT DO UPDATE SET configured = 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_text(q, ":url", url);
    return stmt_step(q);
}

enum db_result event_targets_close(struct txn *txn)
{
    static const char sql[] = "UPDATE event_target SET configured = 0, pending = 0";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    return stmt_step(q);
}

enum db_result event_targets_list(struct txn *txn, struct event_target *out,
                                  size_t *count)
{
    static const char sql[] = "SELECT url, dropped FROM event_target WHERE configured = 1"
                              " ORDER BY url LIMIT :limit";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    stmt_int(q, ":limit", EVENT_TARGETS_MAX);
    *count = 0;
    while ((found = stmt_step(q)) == DB_ROW)
        out[(*count)++] = (struct event_target){.url = stmt_column_text(q, 0),
                                                .dropped = stmt_column_int(q, 1)};
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

enum db_result event_target_read(struct txn *txn, const char *url,
                                 struct event_progress *out)
{
    static const char sql[] =
        "SELECT delivered_seq, dropped FROM event_target WHERE url = :url";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_text(q, ":url", url);
    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = (struct event_progress){.delivered_seq = stmt_column_int(q, 0),
                                   .dropped = stmt_column_int(q, 1)};
    return DB_DONE;
}

/* Counts what the open targets have yet to receive, after their positions were changed.
 */
static enum db_result count_pending(struct txn *txn)
{
    static const char sql[] =
        "UPDATE event_target SET pending = (SELECT count(*) FROM event"
        "  WHERE event.seq > event_target.delivered_seq) WHERE configured = 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    return stmt_step(q);
}

enum db_result event_target_open(struct txn *txn, const char *url,
                                 struct event_progress *out)
{
    if (insert_target(txn, url) == DB_ERROR || count_pending(txn) == DB_ERROR)
        return DB_ERROR;
    return event_target_read(txn, url, out);
}

enum db_result event_target_advance(struct txn *txn, const char *url, int64_t done_seq)
{
    static const char sql[] =
        "UPDATE event_target SET delivered_seq = done.seq, pending = pending -"
        "  (SELECT count(*) FROM event WHERE event.seq > event_target.delivered_seq"
        "   AND event.seq <= done.seq)"
        " FROM (SELECT coalesce("
        "   (SELECT event.seq - 1 FROM event WHERE event.seq > event_target.delivered_seq"
        "     AND" IS_OWED " ORDER BY event.seq LIMIT 1),"
        "   max(:done, (SELECT coalesce(max(event.seq), 0) FROM event))) AS seq"
        "  FROM event_target WHERE event_target.url = :url) AS done"
        " WHERE event_target.url = :url AND done.seq > event_target.delivered_seq";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":done", done_seq);
    stmt_text(q, ":url", url);
    return stmt_step(q);
}

/* Copies a target's position, limited to the events of this state. */
static enum db_result copy_target(struct txn *txn, const char *url, bool configured,
                                  const struct event_progress *progress)
{
    static const char sql[] =
        "INSERT INTO event_target (url, delivered_seq, configured, dropped)"
        " SELECT :url, min(:seq, coalesce(max(seq), 0)), :configured, :dropped"
        " FROM sqlite_sequence WHERE name = 'event'"
        " ON CONFLICT DO UPDATE SET configured = excluded.configured,"
        " dropped = excluded.dropped,"
        " delivered_seq = max(delivered_seq, excluded.delivered_seq)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_text(q, ":url", url);
    stmt_int(q, ":seq", progress->delivered_seq);
    stmt_int(q, ":configured", configured);
    stmt_int(q, ":dropped", progress->dropped);
    return stmt_step(q);
}

enum db_result event_targets_carry_over(struct txn *now, struct txn *restored)
{
    static const char sql[] =
        "SELECT url, configured, delivered_seq, dropped FROM event_target";
    struct stmt *q AUTO(stmt_done) = txn_query(now, sql);
    enum db_result found = event_targets_close(restored);

    while (found != DB_ERROR && (found = stmt_step(q)) == DB_ROW) {
        const struct event_progress progress = {.delivered_seq = stmt_column_int(q, 2),
                                                .dropped = stmt_column_int(q, 3)};
        found = copy_target(restored, stmt_column_text(q, 0), stmt_column_bool(q, 1),
                            &progress);
    }
    int64_t last_seq;
    if (found == DB_ERROR || event_last_seq(restored, &last_seq) == DB_ERROR ||
        event_deliveries_carry_over(now, restored, last_seq) == DB_ERROR)
        return DB_ERROR;
    return count_pending(restored);
}

enum db_result event_backlog_read(struct txn *txn, struct event_backlog *out)
{
    static const char sql[] =
        "SELECT coalesce(sum(pending), 0) + (SELECT count(*) FROM delivery"
        "   JOIN event_target ON url = target WHERE state = 'PENDING' AND configured = 1"
        "    AND event_seq <= delivered_seq), coalesce(sum(dropped), 0)"
        " FROM event_target WHERE configured = 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = (struct event_backlog){.pending = stmt_column_int(q, 0),
                                  .dropped = stmt_column_int(q, 1)};
    return DB_DONE;
}
