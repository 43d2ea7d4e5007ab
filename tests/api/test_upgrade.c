/*
 * A database of an older program: what was going on in it goes on after the upgrade.
 */
#include "store/txn.h"
#include "support/emulator.h"
#include "support/folder.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define HOUR_MS (INT64_C(3600) * 1000)
#define LIVE "arn:aws:ivs:us-east-1:000000000000:channel/LiveChannel1"
#define OFFLINE "arn:aws:ivs:us-east-1:000000000000:channel/OldChannel01"

/* Two channels and three sessions, one of them live and one with a recording that waits,
 * in an account and region whose clock was moved by an hour. The highest seq was deleted.
 */
static const char *const rows[] = {
    "INSERT INTO channel (account, region, id, name, latency_mode, type, preset,"
    " container_format, authorized, insecure_ingest, srt_passphrase, tags)"
    " VALUES ('000000000000', 'us-east-1', 'LiveChannel1', 'live', 'LOW', 'STANDARD', "
    "'', 'TS', "
    "0,"
    "  0, '', '{}'),"
    " ('000000000000', 'us-east-1', 'OldChannel01', 'offline', 'LOW', 'STANDARD', '', "
    "'TS', 0,"
    "  0, '', '{}')",
    "INSERT INTO stream_session (seq, account, region, channel_id, stream_id,"
    " started_at_ms, ended_at_ms, health, viewer_count, has_error_event,"
    " ad_break_until_ms, channel_snapshot, ingest_configuration)"
    " VALUES (3, '000000000000', 'us-east-1', 'OldChannel01', "
    "'st-1OOOOOOOOOOOOOOOOOOOOOO', 1617753600000,"
    "  1617753601000, 'HEALTHY', 0, 0, 0, '{}', '{\"video\":{},\"audio\":{}}'),"
    " (5, '000000000000', 'us-east-1', 'LiveChannel1', 'st-1LLLLLLLLLLLLLLLLLLLLLL', "
    "1617753600000, NULL,"
    "  'HEALTHY', 7, 0, 0, '{}', '{\"video\":{},\"audio\":{}}'),"
    " (9, '000000000000', 'us-east-1', 'LiveChannel1', 'st-1GGGGGGGGGGGGGGGGGGGGGG', 0, "
    "1, 'HEALTHY', 7, "
    "0, 0, "
    "'{}',"
    "  '{\"video\":{},\"audio\":{}}')",
    "DELETE FROM stream_session WHERE seq = 9",
    "INSERT INTO stream_event (session_seq, name, type, time_ms)"
    " VALUES (5, 'Stream Start', 'IVS Stream State Change', 1617753600000)",
    "INSERT INTO recording (account, region, channel_id, channel_name, session_id,"
    " configuration_id, bucket_name, key_prefix, reconnect_window_ms, started_at_ms,"
    " recorded_ms, ends_at_ms, stream_ids, ingest_configuration)"
    " VALUES ('000000000000', 'us-east-1', 'OldChannel01', 'offline', 'a', 'b', 'c', "
    "'d', "
    "60000,"
    "  1617753600000, 1000, 1617753661000, '[\"st-1OOOOOOOOOOOOOOOOOOOOOO\"]', '{}')",
    "INSERT INTO clock VALUES ('000000000000', 'us-east-1', 3600000)",
};

struct old {
    struct arena *arena;
    char folder[32];
    struct emulator *emu;
};

static void write_rows(struct store *store, struct arena *arena)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct txn *txn = txn_begin(store, arena, TXN_WRITE);
        struct stmt *q = txn_query(txn, rows[i]);
        assert_int_equal(stmt_step(q), DB_DONE);
        stmt_done(&q);
        assert_int_equal(txn_commit(&txn), DB_DONE);
    }
}

/* Version 5 is the last one in which the rows above could be written. */
static int open_old(void **state)
{
    enum { VERSION = 5 };
    struct arena *arena = arena_new();
    struct old *old = arena_alloc(arena, sizeof(*old));
    const char *why = NULL;

    *old = (struct old){.arena = arena, .folder = "/tmp/ivs-local-XXXXXX"};
    assert_non_null(mkdtemp(old->folder));
    const char *db = arena_printf(arena, "%s/ivs.db", old->folder);
    struct store *store = store_open_at(db, store_migrations, VERSION, arena, &why);
    assert_non_null(store);
    write_rows(store, arena);
    store_close(store);
    old->emu = emulator_open(db);
    *state = old;
    return 0;
}

static int close_old(void **state)
{
    struct old *old = *state;

    emulator_close(old->emu);
    folder_remove(old->arena, old->folder);
    arena_free(old->arena);
    return 0;
}

static struct reply get_session(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "GetStreamSession", "{\"channelArn\":\"%s\"}", arn);
}

static void sessions_and_their_events_are_kept(void **state)
{
    struct emulator *emu = ((struct old *)*state)->emu;
    struct reply session = get_session(emu, LIVE);

    assert_string_equal(reply_string(session, "streamSession.streamId"),
                        "st-1LLLLLLLLLLLLLLLLLLLLLL");
    assert_string_equal(reply_string(session, "streamSession.truncatedEvents.0.name"),
                        "Stream Start");
    assert_string_equal(reply_string(get_session(emu, OFFLINE), "streamSession.streamId"),
                        "st-1OOOOOOOOOOOOOOOOOOOOOO");
    assert_error(start_stream(emu, LIVE, ""), 409, "ConflictException");
}

static void the_order_of_sessions_goes_on(void **state)
{
    struct emulator *emu = ((struct old *)*state)->emu;
    const char *id = go_live(emu, OFFLINE);
    struct reply list = emulator_call(emu, REGION, "ListStreamSessions",
                                      "{\"channelArn\":\"%s\"}", OFFLINE);

    assert_string_equal(reply_string(list, "streamSessions.0.streamId"), id);
    assert_string_equal(reply_string(list, "streamSessions.1.streamId"),
                        "st-1OOOOOOOOOOOOOOOOOOOOOO");
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_READ);
    struct stmt *q AUTO(stmt_done) =
        txn_query(txn, "SELECT max(seq) FROM stream_session");
    assert_int_equal(stmt_step(q), DB_ROW);
    assert_int_equal(stmt_column_int(q, 0), 10); /* 9 is never used again */
}

static void what_was_due_runs(void **state)
{
    struct emulator *emu = ((struct old *)*state)->emu;
    emulator_advance(emu, 48 * HOUR_MS);

    assert_string_equal(events_told(emu, ""), "Recording End, Session Ended, Stream End");
    emulator_advance(emu, 60 * 24 * HOUR_MS);
    assert_error(get_session(emu, LIVE), 404, "ResourceNotFoundException");
    assert_error(get_session(emu, OFFLINE), 404, "ResourceNotFoundException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sessions_and_their_events_are_kept, open_old,
                                        close_old),
        cmocka_unit_test_setup_teardown(the_order_of_sessions_goes_on, open_old,
                                        close_old),
        cmocka_unit_test_setup_teardown(what_was_due_runs, open_old, close_old),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
