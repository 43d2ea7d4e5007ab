/*
 * Calls that take long: AdvanceClock over much that becomes due, a Reset of much. Others
 * are served meanwhile, and a stop does not wait for their end, which follows after the
 * next start.
 */
#include "base/arena.h"
#include "store/txn.h"
#include "support/wire.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

/* So many that the work lasts much longer than the calls made meanwhile; and more
 * connections than the server has threads. */
enum { STREAMS = 6000, OTHERS = 40 };

#define OTHER_SCOPE                                                                      \
    "Authorization: AWS4-HMAC-SHA256 "                                                   \
    "Credential=123456789012/20210407/eu-west-1/ivs/aws4_request, "                      \
    "SignedHeaders=host, Signature=0\r\n"

/* Channels with live streams that began in 2021, as the server would have stored them. */
static const char *const rows[] = {
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
    " INSERT INTO channel (account, region, id, name, latency_mode, type, preset,"
    " container_format, authorized, insecure_ingest, srt_passphrase, tags)"
    " SELECT '000000000000', 'us-east-1', printf('%012d', i), 'c', 'LOW', 'STANDARD', '',"
    " 'TS', 0, 0, printf('%069d', i), '{}' FROM n",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
    " INSERT INTO stream_session (account, region, channel_id, stream_id, started_at_ms,"
    " health, viewer_count, has_error_event, ad_break_until_ms, channel_snapshot,"
    " ingest_configuration)"
    " SELECT '000000000000', 'us-east-1', printf('%012d', i), printf('st-1%022d', i),"
    " 1000 * CAST(strftime('%s', 'now') AS INTEGER), 'HEALTHY', 0, 0, 0, '{}',"
    " '{\"video\":{},\"audio\":{}}' FROM n WHERE i <= :count",
    "INSERT INTO due (account, region, at_ms) SELECT '000000000000', 'us-east-1', :count",
};

static const char *make_database(struct wire *wire)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *db = wire_path(wire, "ivs.db");
    const char *why = NULL;
    struct store *store = store_open(db, arena, &why);

    assert_non_null(store);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct txn *txn = txn_begin(store, arena, TXN_WRITE);
        struct stmt *q = txn_query(txn, rows[i]);
        stmt_int(q, ":count", STREAMS);
        assert_int_equal(stmt_step(q), DB_DONE);
        stmt_done(&q);
        assert_int_equal(txn_commit(&txn), DB_DONE);
    }
    store_close(store);
    return db;
}

static int count_live(struct http_client *client)
{
    struct http_answer answer = http_post(client, "/ListStreams", "{\"maxResults\":1}");

    assert_success(answer.reply, 200);
    return reply_count(answer.reply, "streams");
}

static void send_call(struct http_client *client, const char *operation, const char *body)
{
    assert_true(http_send_request(client, "POST", operation, "", body, strlen(body)));
}

/* The test fails unless calls of another scope are served on many connections. */
static void assert_others_are_served(struct wire *wire, int port)
{
    for (int i = 0; i < OTHERS; i++) {
        struct http_answer answer = http_call(wire_connect_to(wire, port), "POST",
                                              "/CreateChannel", OTHER_SCOPE, "{}");
        assert_success(answer.reply, 200);
    }
}

/* Returns when AdvanceClock has begun: it moves the clock first. */
static void wait_for_moved_clock(struct http_client *client)
{
    struct http_answer answer;

    do {
        answer = http_post(client, "/_ivs-local/GetClock", "{}");
        assert_success(answer.reply, 200);
    } while (reply_int(answer.reply, "offsetSeconds") == 0);
}

static void others_are_served_while_much_becomes_due(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, make_database(wire), "--quotas", "off");
    int port = program_port(program);
    struct http_client *caller = wire_connect_to(wire, port);
    struct http_client *other = wire_connect_to(wire, port);
    assert_int_equal(count_live(other), 1);

    send_call(caller, "/_ivs-local/AdvanceClock", "{\"seconds\":172801}");
    wait_for_moved_clock(other);
    assert_others_are_served(wire, port);

    assert_int_equal(count_live(other), 1); /* it is not complete yet */
    while (count_live(other) > 0)
        continue;
    assert_success(http_expect(caller).reply, 200);
}

static void a_stop_does_not_wait_for_all_that_is_due(void **state)
{
    struct wire *wire = *state;
    const char *db = make_database(wire);
    struct program *program = wire_serve(wire, db, "--quotas", "off");
    struct http_client *caller = wire_connect_to(wire, program_port(program));
    struct http_client *other = wire_connect_to(wire, program_port(program));

    send_call(caller, "/_ivs-local/AdvanceClock", "{\"seconds\":172801}");
    wait_for_moved_clock(other);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    program = wire_serve(wire, db, "--quotas", "off");
    other = wire_connect_to(wire, program_port(program));
    while (count_live(other) > 0) /* the scheduler goes on */
        continue;
}

/* The number of channels or streams in all accounts, which no reset hides. */
static int count_stored(struct http_client *client, const char *resource)
{
    struct http_answer answer = http_call(client, "GET", "/_ivs-local/metrics", "", NULL);
    char series[64];

    snprintf(series, sizeof(series), "ivs_local_resources{resource=\"%s\"}", resource);
    return (int)metrics_value(answer, series);
}

static void others_are_served_during_a_reset(void **state)
{
    struct wire *wire = *state;
    const char *db = make_database(wire);
    struct program *program = wire_serve(wire, db, "--quotas", "off");
    int port = program_port(program);
    struct http_client *caller = wire_connect_to(wire, port);
    struct http_client *own = wire_connect_to(wire, port);
    struct http_client *other = wire_connect_to(wire, port);

    send_call(caller, "/_ivs-local/Reset", "{}");
    while (count_stored(other, "stream") == STREAMS) /* until it has begun */
        continue;
    send_call(own, "/ListChannels", "{}"); /* waits for it */
    assert_others_are_served(wire, port);
    assert_true(count_stored(other, "channel") > OTHERS); /* it is not complete yet */
    while (count_stored(other, "channel") > OTHERS)
        continue;
    assert_success(http_expect(caller).reply, 204);
    assert_int_equal(reply_count(http_expect(own).reply, "channels"), 0);
}

static void a_stop_does_not_wait_for_a_reset(void **state)
{
    struct wire *wire = *state;
    const char *db = make_database(wire);
    struct program *program = wire_serve(wire, db, "--quotas", "off");
    struct http_client *caller = wire_connect_to(wire, program_port(program));
    struct http_client *other = wire_connect_to(wire, program_port(program));

    send_call(caller, "/_ivs-local/Reset", "{}");
    while (count_stored(other, "stream") == STREAMS)
        continue;
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    program = wire_serve(wire, db, "--quotas", "off");
    assert_int_equal(wire_count_channels(wire_connect_to(wire, program_port(program))),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(others_are_served_while_much_becomes_due),
        wire_test_without_server(a_stop_does_not_wait_for_all_that_is_due),
        wire_test_without_server(others_are_served_during_a_reset),
        wire_test_without_server(a_stop_does_not_wait_for_a_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
