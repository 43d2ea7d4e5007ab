/*
 * A target of events that is down for very long: the database stays bounded, the loss is
 * counted, and logged once.
 */
#include "data/event.h"
#include "store/txn.h"
#include "support/wire.h"

#include <signal.h>
#include <string.h>

#include "support/cmocka_all.h"

#define NOBODY "http://127.0.0.1:9/"

/* A database as a server leaves it whose target was down for EVENTS_PENDING_MAX events.
 */
static void write_backlog(const char *path)
{
    static const char target[] =
        "INSERT INTO event_target (url, delivered_seq, configured) VALUES ('" NOBODY
        "', 0, 1)";
    static const char events[] =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        ":count)"
        " INSERT INTO event (account, region, detail_type, envelope)"
        " SELECT '0', 'r', 't', '{}' FROM n";
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *why = NULL;
    struct store *store = store_open(path, arena, &why);
    assert_non_null(store);

    struct txn *txn = txn_begin(store, arena, TXN_WRITE);
    struct stmt *q = txn_query(txn, target);
    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    q = txn_query(txn, events);
    stmt_int(q, ":count", EVENTS_PENDING_MAX);
    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    assert_int_equal(txn_commit(&txn), DB_DONE);
    store_close(store);
}

/* The test fails unless the target waits for and has lost that many events. */
static void assert_backlog(struct http_client *client, int pending, int dropped)
{
    struct http_answer answer = http_call(client, "GET", "/_ivs-local/metrics", "", NULL);

    assert_true(metrics_value(answer, "ivs_local_events_pending") == pending);
    assert_true(metrics_value(answer, "ivs_local_events_dropped_total") == dropped);
}

static int count_text(const char *text, const char *part)
{
    int count = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

static void a_loss_is_counted_and_logged_once(void **state)
{
    static const char lost[] = "events dropped: the target has been down for too long";
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    write_backlog(db);
    struct program *program = wire_serve(wire, db, "--events-to", NOBODY);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    assert_backlog(client, EVENTS_PENDING_MAX, 0);

    /* Two events for each start, two for each end. */
    for (int i = 0; i < 5; i++) {
        const char *channel = wire_printf(wire, "{\"channelArn\":\"%s\"}",
                                          wire_create_channel(wire, client, "lobby"));
        assert_success(http_post(client, "/_ivs-local/StartStream", channel).reply, 200);
        assert_success(http_post(client, "/_ivs-local/EndStream", channel).reply, 204);
    }

    assert_backlog(client, EVENTS_PENDING_MAX, 20);
    program_expect(program, PROGRAM_ERR, lost);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
    assert_int_equal(count_text(program_text(program, PROGRAM_ERR), lost), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(a_loss_is_counted_and_logged_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
