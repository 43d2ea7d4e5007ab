#include "data/event_delivery.h"

#include "bind_internal.h"
#include "data/topics.h"

#include <string.h>

const char *const delivery_state_names[] = {"PENDING", "DELIVERED", "REFUSED", "DROPPED",
                                            NULL};

static enum delivery_state state_of(const char *name)
{
    for (int i = 0; i < DELIVERY_STATES; i++) {
        if (strcmp(delivery_state_names[i], name) == 0)
            return (enum delivery_state)i;
    }
    return DELIVERY_PENDING;
}

enum db_result event_delivery_note(struct txn *txn, const char *url,
                                   const struct event *event,
                                   const struct delivery_attempt *attempt)
{
    static const char sql[] =
        "INSERT INTO delivery"
        " (account, region, event_seq, target, state, attempts, status, reason, time_ms)"
        " SELECT account, region, seq, :url, :state, :attempts, :status, :reason, "
        ":time_ms FROM event"
        "  WHERE seq = :seq AND envelope = :envelope"
        " ON CONFLICT DO UPDATE SET state = excluded.state,"
        "  attempts = attempts + excluded.attempts, status = excluded.status,"
        "  reason = excluded.reason, time_ms = excluded.time_ms";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_text(q, ":url", url);
    stmt_text(q, ":state", delivery_state_names[attempt->state]);
    stmt_int(q, ":attempts", attempt->attempts);
    stmt_int(q, ":status", attempt->status);
    stmt_text(q, ":reason", attempt->reason);
    stmt_int(q, ":time_ms", attempt->time_ms);
    stmt_int(q, ":seq", event->seq);
    stmt_text(q, ":envelope", event->envelope);
    return stmt_step(q);
}

enum db_result event_delivery_resend(struct txn *txn, const struct event *event,
                                     const char *url)
{
    static const char sql[] =
        "INSERT INTO delivery"
        " (account, region, event_seq, target, state, attempts, status, reason, time_ms)"
        " SELECT account, region, seq, url, 'PENDING', 0, 0, '', 0"
        "  FROM event CROSS JOIN event_target"
        "  WHERE seq = :seq AND configured = 1 AND (:url IS NULL OR url = :url)"
        " ON CONFLICT DO UPDATE SET state = excluded.state,"
        "  attempts = excluded.attempts, status = excluded.status,"
        "  reason = excluded.reason, time_ms = excluded.time_ms"
        "  WHERE state <> excluded.state";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":seq", event->seq);
    stmt_text_or_null(q, ":url", url);
    txn_note(txn, TOPIC_EVENTS);
    return stmt_step(q);
}

#define SELECT_ROW                                                                       \
    "SELECT event.seq, event.detail_type, event.resource_arn, event.envelope, event_id," \
    " event.account, event.region, url, coalesce(state, 'PENDING'),"                     \
    " coalesce(attempts, 0), coalesce(status, 0), coalesce(reason, ''),"                 \
    " coalesce(time_ms, 0)"
/* Every delivery, by way of the events. */
#define FROM_EVENTS                                                                      \
    " FROM event CROSS JOIN event_target"                                                \
    " LEFT JOIN delivery ON delivery.event_seq = event.seq AND delivery.target = url"    \
    " WHERE configured = 1 AND (event.seq > delivered_seq OR state IS NOT NULL)"         \
    " AND (:state IS NULL OR coalesce(state, 'PENDING') = :state)"                       \
    " AND event.seq >= :after_seq"
/* The attempted deliveries in one state. */
#define FROM_DELIVERIES                                                                  \
    " FROM delivery CROSS JOIN event_target ON url = target"                             \
    " CROSS JOIN event ON event.seq = delivery.event_seq"                                \
    " WHERE configured = 1 AND state = :state AND delivery.event_seq >= :after_seq"
#define OF_EVENT_SCOPE " AND event.account = :account AND event.region = :region"
#define OF_SCOPE " AND delivery.account = :account AND delivery.region = :region"
#define OF_EVENT " AND event_id = :event_id"
#define PAGE_OF(seq)                                                                     \
    " AND (" seq " > :after_seq OR url > :after_url) AND (:url IS NULL OR url = :url)"   \
    " ORDER BY " seq ", url LIMIT :limit"
#define EVENTS_PAGE PAGE_OF("event.seq")
#define DELIVERIES_PAGE PAGE_OF("delivery.event_seq")

static void read_delivery(struct stmt *q, struct event_delivery *out)
{
    out->event = (struct event){
        .seq = stmt_column_int(q, 0),
        .detail_type = stmt_column_text(q, 1),
        .resource_arn = stmt_column_text(q, 2),
        .envelope = stmt_column_text(q, 3),
    };
    out->event_id = stmt_column_text(q, 4);
    out->scope = (struct scope){
        .account = stmt_column_text(q, 5),
        .region = stmt_column_text(q, 6),
    };
    out->url = stmt_column_text(q, 7);
    out->last = (struct delivery_attempt){
        .state = state_of(stmt_column_text(q, 8)),
        .attempts = stmt_column_int(q, 9),
        .status = stmt_column_int(q, 10),
        .reason = stmt_column_text(q, 11),
        .time_ms = stmt_column_int(q, 12),
    };
}

/* Prepares the query of a list: one for each combination of filters that have an index,
 * so that none reads more than it returns. */
static struct stmt *query_list(struct txn *txn, const struct delivery_filter *filter)
{
    static const char *const events_sql[2][2] = {
        {SELECT_ROW FROM_EVENTS EVENTS_PAGE,                SELECT_ROW FROM_EVENTS OF_EVENT EVENTS_PAGE},
        {SELECT_ROW FROM_EVENTS OF_EVENT_SCOPE EVENTS_PAGE,
         SELECT_ROW FROM_EVENTS OF_EVENT_SCOPE OF_EVENT EVENTS_PAGE                                    },
    };
    static const char *const deliveries_sql[2] = {
        SELECT_ROW FROM_DELIVERIES DELIVERIES_PAGE,
        SELECT_ROW FROM_DELIVERIES OF_SCOPE DELIVERIES_PAGE,
    };
    bool by_scope = filter->scope != NULL, by_event = filter->event_id[0] != '\0';
    bool is_attempted = filter->state[0] != '\0' &&
                        state_of(filter->state) != DELIVERY_PENDING && !by_event;
    struct stmt *q = txn_query(txn, is_attempted ? deliveries_sql[by_scope]
                                                 : events_sql[by_scope][by_event]);

    if (by_scope)
        bind_scope(q, *filter->scope);
    if (by_event)
        stmt_text(q, ":event_id", filter->event_id);
    stmt_text_or_null(q, ":url", filter->url);
    stmt_text_or_null(q, ":state", filter->state);
    return q;
}

/* Reads an event before the first one that is pending anywhere. */
static enum db_result read_before_pending(struct txn *txn, int64_t *out)
{
    static const char sql[] =
        "SELECT min((SELECT coalesce(min(delivered_seq), 0) FROM event_target"
        "   WHERE configured = 1),"
        "  (SELECT coalesce(min(event_seq) - 1, :last) FROM delivery"
        "   WHERE state = 'PENDING'))";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":last", INT64_MAX);
    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = stmt_column_int(q, 0);
    return DB_DONE;
}

enum db_result event_delivery_list(struct txn *txn, const struct delivery_filter *filter,
                                   int64_t after_seq, const char *after_url, size_t limit,
                                   struct event_delivery *out, size_t *count)
{
    int64_t first = 0;
    enum db_result found;

    if (strcmp(filter->state, delivery_state_names[DELIVERY_PENDING]) == 0 &&
        read_before_pending(txn, &first) == DB_ERROR)
        return DB_ERROR;
    struct stmt *q AUTO(stmt_done) = query_list(txn, filter);
    stmt_int(q, ":after_seq", after_seq > first ? after_seq : first);
    stmt_text(q, ":after_url", after_seq >= first ? after_url : "");
    stmt_int(q, ":limit", (int64_t)limit);
    *count = 0;
    while ((found = stmt_step(q)) == DB_ROW)
        read_delivery(q, &out[(*count)++]);
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

/* Prepares one of two queries about a target: in all scopes, and in one. */
static struct stmt *query_target(struct txn *txn, const char *const sql[2],
                                 const struct scope *scope, const char *url)
{
    struct stmt *q = txn_query(txn, sql[scope != NULL]);

    if (scope != NULL)
        bind_scope(q, *scope);
    stmt_text(q, ":url", url);
    return q;
}

static enum db_result count_attempted(struct txn *txn, const struct scope *scope,
                                      const char *url, enum delivery_state state,
                                      int64_t *out)
{
#define COUNT "SELECT count(*) FROM delivery WHERE state = :state AND target = :url"
    static const char *const sql[2] = {COUNT, COUNT OF_SCOPE};
    struct stmt *q AUTO(stmt_done) = query_target(txn, sql, scope, url);

    stmt_text(q, ":state", delivery_state_names[state]);
    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = stmt_column_int(q, 0);
    return DB_DONE;
}

/* Counts the events after the target's progress, and those to be sent again. */
static enum db_result count_pending(struct txn *txn, const struct scope *scope,
                                    const char *url, int64_t *out)
{
#define OWED                                                                             \
    "SELECT (SELECT count(*) FROM event_target CROSS JOIN event"                         \
    "   WHERE url = :url AND event.seq > delivered_seq AND NOT EXISTS ("                 \
    "    SELECT 1 FROM delivery WHERE event_seq = event.seq AND target = url"            \
    "     AND state <> 'PENDING')"
#define AGAIN                                                                            \
    ") + (SELECT count(*) FROM event_target CROSS JOIN delivery"                         \
    "   WHERE url = :url AND target = url AND state = 'PENDING'"                         \
    "    AND event_seq <= delivered_seq"
    static const char *const sql[2] = {
        OWED AGAIN ")",
        OWED OF_EVENT_SCOPE AGAIN OF_SCOPE ")",
    };
    struct stmt *q AUTO(stmt_done) = query_target(txn, sql, scope, url);

    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = stmt_column_int(q, 0);
    return DB_DONE;
}

/* Reads the delivery of the newest event in a state, if there is one: delivered, or
 * failed at its last attempt. */
static enum db_result read_newest(struct txn *txn, const struct scope *scope,
                                  const char *url, enum delivery_state state,
                                  struct event_delivery *out)
{
#define NEWEST                                                                           \
    " AND url = :url AND (state = 'DELIVERED' OR reason <> '')"                          \
    " ORDER BY delivery.event_seq DESC LIMIT 1"
    static const char *const sql[2] = {
        SELECT_ROW FROM_DELIVERIES NEWEST,
        SELECT_ROW FROM_DELIVERIES OF_SCOPE NEWEST,
    };
    struct stmt *q AUTO(stmt_done) = query_target(txn, sql, scope, url);

    stmt_text(q, ":state", delivery_state_names[state]);
    stmt_int(q, ":after_seq", 0);
    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        read_delivery(q, out);
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

static enum db_result read_counts(struct txn *txn, const struct scope *scope,
                                  const char *url, struct delivery_totals *out)
{
    for (int state = 0; state < DELIVERY_STATES; state++) {
        enum db_result counted =
            state == DELIVERY_PENDING
                ? count_pending(txn, scope, url, &out->count[state])
                : count_attempted(txn, scope, url, (enum delivery_state)state,
                                  &out->count[state]);
        if (counted == DB_ERROR)
            return DB_ERROR;
    }
    return DB_DONE;
}

enum db_result event_delivery_totals(struct txn *txn, const struct scope *scope,
                                     const char *url, struct delivery_totals *out)
{
    struct event_delivery refused = {.event_id = ""}, pending = {.event_id = ""};

    *out = (struct delivery_totals){.last_delivered = {.event_id = ""}};
    if (read_counts(txn, scope, url, out) == DB_ERROR ||
        read_newest(txn, scope, url, DELIVERY_DELIVERED, &out->last_delivered) ==
            DB_ERROR ||
        read_newest(txn, scope, url, DELIVERY_REFUSED, &refused) == DB_ERROR ||
        read_newest(txn, scope, url, DELIVERY_PENDING, &pending) == DB_ERROR)
        return DB_ERROR;
    out->last_failed = pending.event.seq > refused.event.seq ? pending : refused;
    return DB_DONE;
}

/* Copies the current row of a query, if the restored state has its event. */
static enum db_result copy_delivery(struct txn *restored, struct stmt *row)
{
    static const char sql[] =
        "INSERT OR REPLACE INTO delivery"
        " (account, region, event_seq, target, state, attempts, status, reason, time_ms)"
        " SELECT account, region, seq, :url, :state, :attempts, :status, :reason, "
        ":time_ms FROM event"
        "  WHERE seq = :seq AND event_id = :event_id";
    struct stmt *q AUTO(stmt_done) = txn_query(restored, sql);

    stmt_int(q, ":seq", stmt_column_int(row, 0));
    stmt_text(q, ":event_id", stmt_column_text(row, 1));
    stmt_text(q, ":url", stmt_column_text(row, 2));
    stmt_text(q, ":state", stmt_column_text(row, 3));
    stmt_int(q, ":attempts", stmt_column_int(row, 4));
    stmt_int(q, ":status", stmt_column_int(row, 5));
    stmt_text(q, ":reason", stmt_column_text(row, 6));
    stmt_int(q, ":time_ms", stmt_column_int(row, 7));
    return stmt_step(q);
}

/* What is pending in the restored state, although the target has received it since. */
static enum db_result drop_received(struct txn *restored)
{
    static const char sql[] =
        "DELETE FROM delivery WHERE state = 'PENDING'"
        " AND event_seq <= (SELECT delivered_seq FROM event_target WHERE url = target)";
    struct stmt *q AUTO(stmt_done) = txn_query(restored, sql);

    return stmt_step(q);
}

enum db_result event_deliveries_carry_over(struct txn *now, struct txn *restored,
                                           int64_t last_seq)
{
    static const char sql[] =
        "SELECT event_seq, event_id, target, state, attempts, status, reason, time_ms"
        " FROM delivery JOIN event ON seq = event_seq WHERE event_seq <= :last";
    struct stmt *q AUTO(stmt_done) = txn_query(now, sql);
    enum db_result found = drop_received(restored);

    stmt_int(q, ":last", last_seq);
    while (found != DB_ERROR && (found = stmt_step(q)) == DB_ROW)
        found = copy_delivery(restored, q);
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}
