/*
 * Whatever another program writes into a snapshot, the server refuses it or works with
 * it, and never stops: each column of each table gets values that this program would not
 * write, and the rows of whole tables disappear.
 */
#include "base/json.h"
#include "data/event_delivery.h"
#include "support/emulator.h"
#include "support/folder.h"
#include "support/keys.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

/* An emulator on a database file, with a snapshot `good` that has rows in every table. */
struct victim {
    struct arena *arena;
    char folder[32];
    struct emulator *emu;
    const char *live;    /* a channel that is live and records */
    const char *waiting; /* one whose recording waits for another stream */
    const char *kept;    /* one with everything that a channel can refer to */
    const char *room;    /* one with everything that a room can refer to */
    const char *logging; /* a logging configuration, which it refers to */
    int refused;
    int accepted;
};

static const char *create_kept_channel(struct emulator *emu)
{
    struct reply policy =
        emulator_call(emu, REGION, "CreatePlaybackRestrictionPolicy",
                      "{\"allowedCountries\":[\"DE\"],\"allowedOrigins\":[]}");
    struct reply ads = emulator_call(
        emu, REGION, "CreateAdConfiguration",
        "{\"mediaTailorPlaybackConfigurations\":[{\"playbackConfigurationArn\":"
        "\"arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/a\"}]}");
    struct reply slate =
        emulator_call(emu, REGION, "CreateFailoverSlateConfiguration", "{}");

    struct reply channel = emulator_call(
        emu, REGION, "CreateChannel",
        "{\"playbackRestrictionPolicyArn\":\"%s\",\"adConfigurationArn\":\"%s\","
        "\"failoverSlateConfigurationArn\":\"%s\",\"tags\":{\"a\":\"b\"},"
        "\"multitrackInputConfiguration\":{\"enabled\":false,\"policy\":\"ALLOW\","
        "\"maximumResolution\":\"SD\"}}",
        reply_string(policy, "playbackRestrictionPolicy.arn"),
        reply_string(ads, "adConfiguration.arn"),
        reply_string(slate, "failoverSlateConfiguration.arn"));

    assert_success(channel, 200);
    return reply_string(channel, "channel.arn");
}

static const char *create_logging(struct emulator *emu, const char *bucket)
{
    struct reply reply = emulator_call(
        emu, REGION, "CreateLoggingConfiguration",
        "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"%s\"}}}", bucket);

    assert_success(reply, 200);
    return reply_string(reply, "arn");
}

/* A room, the logging configurations that it refers to, and one that is being deleted. */
static void fill_chat(struct victim *victim)
{
    struct emulator *emu = victim->emu;
    const char *gone = create_logging(emu, "no-messages");

    victim->logging = create_logging(emu, "messages");
    struct reply room =
        emulator_call(emu, REGION, "CreateRoom",
                      "{\"name\":\"lobby\",\"loggingConfigurationIdentifiers\":[\"%s\","
                      "\"%s\"],\"messageReviewHandler\":{\"uri\":"
                      "\"arn:aws:lambda:us-east-1:000000000000:function:review\"}}",
                      victim->logging, create_logging(emu, "more-messages"));
    assert_success(room, 200);
    victim->room = reply_string(room, "arn");
    emu->settings.transitions_ms = 60 * 1000;
    assert_success(emulator_call(emu, REGION, "DeleteLoggingConfiguration",
                                 "{\"identifier\":\"%s\"}", gone),
                   204);
}

/* What the server writes that delivers events: a target and an attempt. */
static void note_delivery(struct victim *victim)
{
    static const char target[] = "http://127.0.0.1:9/";
    const struct delivery_attempt attempt = {.state = DELIVERY_REFUSED,
                                             .attempts = 1,
                                             .status = 404,
                                             .reason = "status 404",
                                             .time_ms = EMULATOR_START_MS};
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn = txn_begin(victim->emu->store, arena, TXN_WRITE);
    struct event_progress progress;
    struct event event;

    assert_int_equal(event_target_open(txn, target, &progress), DB_DONE);
    assert_int_equal(txn_commit(&txn), DB_DONE);
    go_live(victim->emu, victim->kept);
    txn = txn_begin(victim->emu->store, arena, TXN_WRITE);
    assert_int_equal(event_next(txn, target, 0, &event), DB_ROW);
    assert_int_equal(event_delivery_note(txn, target, &event, &attempt), DB_DONE);
    assert_int_equal(event_target_advance(txn, target, 0), DB_DONE);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static void fill_database(struct victim *victim)
{
    struct emulator *emu = victim->emu;
    cJSON *key AUTO(json_done) = cJSON_CreateString(KEY_A);

    victim->live = create_recorded_channel(emu, "recordings", 300);
    victim->waiting = create_recorded_channel(emu, "more-recordings", 300);
    victim->kept = create_kept_channel(emu);
    go_live(emu, victim->waiting);
    go_offline(emu, victim->waiting);
    go_live(emu, victim->live);
    note_delivery(victim);
    fill_chat(victim);
    assert_success(emulator_call(emu, REGION, "ImportPlaybackKeyPair",
                                 "{\"publicKeyMaterial\":%s}",
                                 json_text(victim->arena, key)),
                   200);
    assert_success(emulator_call(emu, REGION, "StartViewerSessionRevocation",
                                 "{\"channelArn\":\"%s\",\"viewerId\":\"a\"}",
                                 victim->live),
                   200);
    assert_success(emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":1}"), 200);
    assert_success(emulator_call(emu, REGION, "SaveSnapshot", "{\"name\":\"good\"}"),
                   204);
}

static int set_up_victim(void **state)
{
    struct arena *arena = arena_new();
    struct victim *victim = arena_alloc(arena, sizeof(*victim));

    *victim = (struct victim){.arena = arena, .folder = "/tmp/ivs-local-XXXXXX"};
    assert_non_null(mkdtemp(victim->folder));
    victim->emu = emulator_open(arena_printf(arena, "%s/ivs.db", victim->folder));
    fill_database(victim);
    *state = victim;
    return 0;
}

static int tear_down_victim(void **state)
{
    struct victim *victim = *state;

    emulator_close(victim->emu);
    folder_remove(victim->arena, victim->folder);
    arena_free(victim->arena);
    return 0;
}

static void use_chat(struct victim *victim)
{
    static const char *const of_room[] = {"GetRoom", "UpdateRoom", "DeleteRoom"};
    static const char *const of_logging[] = {"GetLoggingConfiguration",
                                             "UpdateLoggingConfiguration",
                                             "DeleteLoggingConfiguration"};
    struct emulator *emu = victim->emu;

    emulator_call(emu, REGION, "ListRooms",
                  "{\"name\":\"lobby\",\"loggingConfigurationIdentifier\":\"%s\"}",
                  victim->logging);
    emulator_call(emu, REGION, "CreateRoom", "{\"name\":\"hall\"}");
    for (size_t i = 0; i < COUNT_OF(of_room); i++)
        emulator_call(emu, REGION, of_room[i], "{\"identifier\":\"%s\"}", victim->room);
    for (size_t i = 0; i < COUNT_OF(of_logging); i++)
        emulator_call(emu, REGION, of_logging[i], "{\"identifier\":\"%s\"}",
                      victim->logging);
}

/* Calls to every part of the state. Only that they are answered matters: a response of
 * our own making is checked against its shape. */
static void use_state(struct victim *victim)
{
    static const char *const of_channel[] = {
        "GetStream",          "EndStream",        "StartStream",    "UpdateStream",
        "ListStreamSessions", "GetStreamSession", "ListStreamKeys", "StopStream",
    };
    static const char *const lists[] = {
        "ListChannels",
        "ListRecordingConfigurations",
        "ListStreams",
        "ListPlaybackRestrictionPolicies",
        "ListPlaybackKeyPairs",
        "ListAdConfigurations",
        "ListFailoverSlateConfigurations",
        "ListRooms",
        "ListLoggingConfigurations",
        "ListEvents",
        "ListDeliveries",
        "GetClock",
    };
    const char *const channels[] = {victim->live, victim->waiting, victim->kept};
    struct emulator *emu = victim->emu;

    for (size_t i = 0; i < COUNT_OF(lists); i++)
        emulator_call(emu, REGION, lists[i], "{}");
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", channels[i]);
        for (size_t j = 0; j < COUNT_OF(of_channel); j++)
            emulator_call(emu, REGION, of_channel[j], "{\"channelArn\":\"%s\"}",
                          channels[i]);
    }
    use_chat(victim);
    emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":600}");
    emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":604800}");
    for (size_t i = 0; i < COUNT_OF(channels); i++)
        emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", channels[i]);
    emulator_request(emu, emu->settings.default_scope, "GET", "/_ivs-local/metrics", "",
                     0);
    emulator_call(emu, REGION, "Reset", "{}");
}

/* The snapshot `bad`, a copy of the good one, open for changes that break every rule. */
static sqlite3 *open_bad(struct victim *victim)
{
    const char *good =
        arena_printf(victim->arena, "%s/ivs.db.snapshots/good.db", victim->folder);
    sqlite3 *from = NULL, *to = NULL;

    assert_int_equal(sqlite3_open_v2(good, &from, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_open(
            arena_printf(victim->arena, "%s/ivs.db.snapshots/bad.db", victim->folder),
            &to),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(to, "PRAGMA synchronous = OFF", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
    assert_non_null(copy);
    assert_int_equal(sqlite3_backup_step(copy, -1), SQLITE_DONE);
    assert_int_equal(sqlite3_backup_finish(copy), SQLITE_OK);
    assert_int_equal(sqlite3_close(from), SQLITE_OK);
    return to;
}

/* Changes a copy of the snapshot and uses it. Returns the status of its restoration; -1:
 * SQLite does not let this change happen. */
static int try_change(struct victim *victim, const char *sql)
{
    sqlite3 *bad = open_bad(victim);
    bool changed = sqlite3_exec(bad, sql, NULL, NULL, NULL) == SQLITE_OK;

    assert_int_equal(sqlite3_close(bad), SQLITE_OK);
    if (!changed)
        return -1;
    int status =
        emulator_call(victim->emu, REGION, "RestoreSnapshot", "{\"name\":\"bad\"}")
            .status;
    if (status != 204 && status != 409)
        fail_msg("%s: RestoreSnapshot returns %d", sql, status);
    victim->refused += status == 409;
    victim->accepted += status == 204;
    if (status == 204)
        use_state(victim);
    return status;
}

/* A column of a table. */
struct column {
    const char *table;
    const char *name;
    bool text;
    bool json; /* according to the comment in the schema */
};

enum { MAX_COLUMNS = 256 };

/* Whether the schema says of the column that it is JSON. */
static bool is_json_column(struct arena *arena, const char *sql, const char *name)
{
    const char *start = strstr(sql, arena_printf(arena, " %s TEXT", name));
    const char *end = start != NULL ? strchr(start + 1, '\n') : NULL;
    const char *json = start != NULL ? strstr(start, "-- JSON") : NULL;

    return strcmp(name, "tags") == 0 || (json != NULL && end != NULL && json < end);
}

static size_t read_columns(struct victim *victim, struct column *out)
{
    static const char sql[] =
        "SELECT t.name, c.name, t.sql, c.type = 'TEXT' FROM sqlite_schema AS t, "
        "pragma_table_info(t.name)"
        " AS c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    sqlite3 *bad = open_bad(victim);
    sqlite3_stmt *q = NULL;
    size_t count = 0;

    assert_int_equal(sqlite3_prepare_v2(bad, sql, -1, &q, NULL), SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        struct column column = {
            .table = arena_strdup(victim->arena, (const char *)sqlite3_column_text(q, 0)),
            .name = arena_strdup(victim->arena, (const char *)sqlite3_column_text(q, 1)),
            .text = sqlite3_column_int(q, 3) != 0,
        };
        column.json = is_json_column(
            victim->arena, (const char *)sqlite3_column_text(q, 2), column.name);
        assert_true(count < MAX_COLUMNS);
        out[count++] = column;
    }
    sqlite3_finalize(q);
    assert_int_equal(sqlite3_close(bad), SQLITE_OK);
    return count;
}

/* Values in SQL: what kind of column they are for, and whether they are JSON. */
static const struct {
    const char *sql;
    bool for_numbers;
    bool for_text;
    bool is_json;
} values[] = {
    {"NULL",                                        true,  true,  true },
    {"-1",                                          true,  false, false},
    {"1",                                           true,  false, false},
    {"9223372036854775807",                         true,  false, false},
    {"-9223372036854775807",                        true,  false, false},
    {"''",                                          false, true,  false},
    {"'{'",                                         false, true,  false},
    {"'a b'",                                       false, true,  false},
    {"'[1, null, {}]'",                             false, true,  true },
    {"'{\"a\": [], \"b\": null}'",                  false, true,  true },
    {"replace(hex(zeroblob(70)), '00', '[') ||"
     " replace(hex(zeroblob(70)), '00', ']')", false, true,  false},
    {"hex(zeroblob(3000))",                         false, true,  false},
};

static const char *change_of(struct arena *arena, const struct column *column,
                             const char *value)
{
    return arena_printf(arena,
                        "PRAGMA ignore_check_constraints = ON; UPDATE %s SET %s = %s",
                        column->table, column->name, value);
}

static void any_value_in_any_column_is_survived(void **state)
{
    struct victim *victim = *state;
    struct column columns[MAX_COLUMNS];
    size_t count = read_columns(victim, columns), json = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < COUNT_OF(values); j++) {
            if (columns[i].text ? !values[j].for_text : !values[j].for_numbers)
                continue;
            const char *sql = change_of(victim->arena, &columns[i], values[j].sql);
            int status = try_change(victim, sql);
            if (columns[i].json && !values[j].is_json && status != 409)
                fail_msg("%s: RestoreSnapshot returns %d", sql, status);
        }
        json += columns[i].json;
    }
    print_message("%zu columns, %zu of JSON: %d changes refused, %d accepted\n", count,
                  json, victim->refused, victim->accepted);
    assert_true(json > 20);
    assert_true(victim->refused > 100);
    assert_true(victim->accepted > 100);
}

static void rows_that_are_missing_are_survived(void **state)
{
    struct victim *victim = *state;
    struct column columns[MAX_COLUMNS];
    size_t count = read_columns(victim, columns);

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(columns[i].table, columns[i - 1].table) == 0)
            continue;
        /* With and without what follows from it. */
        (void)try_change(victim,
                         arena_printf(victim->arena, "DELETE FROM %s", columns[i].table));
        (void)try_change(victim, arena_printf(victim->arena,
                                              "PRAGMA foreign_keys = ON; DELETE FROM %s",
                                              columns[i].table));
    }
    assert_int_equal(try_change(victim, "DELETE FROM channel"), 409);
    assert_int_equal(try_change(victim, "DELETE FROM stream_session"), 409);
    assert_int_equal(try_change(victim, "DELETE FROM room"), 409);
    assert_int_equal(try_change(victim, "DELETE FROM update_order"), 409);
    assert_int_equal(try_change(victim, "UPDATE update_order SET last = last - 1"), 409);
    assert_int_equal(try_change(victim, "DELETE FROM room_logging WHERE position = 0"),
                     409);
    assert_int_equal(try_change(victim, "UPDATE room SET update_seq = update_seq - 1"),
                     409);
    assert_int_equal(try_change(victim, "UPDATE logging_configuration"
                                        " SET transition = 'DELETING',"
                                        " settled_state = 'DELETED'"),
                     409);
    assert_int_equal(try_change(victim, "DELETE FROM due"), 409);
    assert_int_equal(try_change(victim, "DELETE FROM sqlite_sequence"), 204);
}

static void the_state_is_unchanged_when_a_snapshot_is_refused(void **state)
{
    struct victim *victim = *state;
    struct emulator *emu = victim->emu;

    assert_int_equal(try_change(victim, "UPDATE channel SET tags = 'x'"), 409);

    assert_success(
        emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", victim->kept), 200);
    assert_success(
        emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", victim->live),
        200);
    assert_success(emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":604800}"),
                   200);
    assert_error(
        emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", victim->live),
        404, "ChannelNotBroadcasting");
}

#define VICTIM_TEST(test)                                                                \
    cmocka_unit_test_setup_teardown(test, set_up_victim, tear_down_victim)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VICTIM_TEST(any_value_in_any_column_is_survived),
        VICTIM_TEST(rows_that_are_missing_are_survived),
        VICTIM_TEST(the_state_is_unchanged_when_a_snapshot_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
