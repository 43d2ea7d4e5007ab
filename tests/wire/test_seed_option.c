/*
 * --seed: a seed that runs when the program starts, once per database.
 */
#include "support/sink.h"
#include "support/wire.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { BODY_MAX_BYTES = 1024 * 1024 };

#define CHANNEL "{\"operation\":\"CreateChannel\",\"as\":\"chan\",\"input\":{}}"
#define STREAM                                                                           \
    "{\"operation\":\"StartStream\",\"input\":{\"channelArn\":\"${chan.channel.arn}\"}}"

static const char *write_seed(struct wire *wire, const char *text)
{
    const char *path = wire_path(wire, "seed.json");

    wire_write_file(path, text, strlen(text));
    return path;
}

static void stop(struct program *program)
{
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
}

static int channels_of(struct wire *wire, struct program *program)
{
    return wire_count_channels(wire_connect_to(wire, program_port(program)));
}

static void a_database_is_seeded_once(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    const char *seed = write_seed(wire, "{\"calls\":[" CHANNEL "," STREAM "]}");

    for (int start = 0; start < 2; start++) {
        struct program *program = wire_serve(wire, db, "--seed", seed);
        struct http_client *client = wire_connect_to(wire, program_port(program));
        assert_int_equal(wire_count_channels(client), 1);
        struct http_answer live = http_post(client, "/ListStreams", "{}");
        assert_int_equal(reply_count(live.reply, "streams"), 1);
        stop(program);
    }
}

static void a_database_is_not_seeded_again_after_a_reset(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    const char *seed = write_seed(wire, "{\"calls\":[" CHANNEL "]}");
    struct program *program = wire_serve(wire, db, "--seed", seed);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    assert_success(http_post(client, "/_ivs-local/Reset", "{\"allAccounts\":true}").reply,
                   204);
    stop(program);

    assert_int_equal(channels_of(wire, wire_serve(wire, db, "--seed", seed)), 0);
}

#define ALREADY "level=info event=\"already seeded, skipping the seed\""
#define OTHER                                                                            \
    "level=warn event=\"the seed differs from the one that was applied, skipping it\""

/* Starts with a seed, after which there is one channel. Returns what is logged. */
static const char *log_of_start(struct wire *wire, const char *db, const char *seed)
{
    struct program *program = wire_serve(wire, db, "--seed", seed);

    assert_int_equal(channels_of(wire, program), 1);
    stop(program);
    return program_text(program, PROGRAM_ERR);
}

static void a_seed_that_was_changed_is_a_warning(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    const char *seed = write_seed(wire, "{\"calls\":[" CHANNEL "]}");
    (void)log_of_start(wire, db, seed);

    const char *same = log_of_start(wire, db, seed);
    (void)write_seed(wire, "{\"calls\":[" CHANNEL "," STREAM "]}");
    const char *changed = log_of_start(wire, db, seed);

    assert_non_null(strstr(same, ALREADY));
    assert_null(strstr(same, OTHER));
    assert_non_null(strstr(changed, OTHER));
    assert_non_null(strstr(changed, "hint=\"to apply it, call Reset and Seed, or use a "
                                    "new --db\""));
    assert_null(strstr(changed, ALREADY));
}

static void a_seed_of_an_older_version_is_not_compared(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    const char *seed = write_seed(wire, "{\"calls\":[" CHANNEL "]}");
    (void)log_of_start(wire, db, seed);
    sqlite3 *edited = NULL;
    assert_int_equal(sqlite3_open(db, &edited), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(edited, "UPDATE start_seed SET digest = NULL", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(edited), SQLITE_OK);

    (void)write_seed(wire, "{\"calls\":[]}");

    assert_non_null(strstr(log_of_start(wire, db, seed), ALREADY));
}

static void a_reset_in_a_seed_resets_the_clock(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    const char *seed = write_seed(wire, "{\"calls\":[{\"operation\":\"Reset\"}]}");
    struct program *program = wire_serve(wire, db, "--quotas", "off");
    struct http_client *client = wire_connect_to(wire, program_port(program));
    assert_success(
        http_post(client, "/_ivs-local/AdvanceClock", "{\"seconds\":3600}").reply, 200);
    stop(program);

    program = wire_serve(wire, db, "--seed", seed);
    client = wire_connect_to(wire, program_port(program));

    struct http_answer clock = http_post(client, "/_ivs-local/GetClock", "{}");
    assert_int_equal(reply_int(clock.reply, "offsetSeconds"), 0);
}

static void a_database_in_memory_is_seeded_at_each_start(void **state)
{
    struct wire *wire = *state;
    const char *seed = write_seed(wire, "{\"calls\":[" CHANNEL "]}");

    for (int start = 0; start < 2; start++) {
        struct program *program = wire_serve(wire, ":memory:", "--seed", seed);
        assert_int_equal(channels_of(wire, program), 1);
        stop(program);
    }
}

static void the_environment_can_name_the_seed(void **state)
{
    struct wire *wire = *state;
    const char *seed = write_seed(wire, "{\"calls\":[" CHANNEL "]}");
    const char *const args[] = {"--port", "0", "--db", ":memory:", NULL};
    const char *const environment[] = {wire_printf(wire, "IVS_LOCAL_SEED=%s", seed),
                                       NULL};

    assert_int_equal(channels_of(wire, wire_run_with(wire, args, environment)), 1);
}

static void a_seed_runs_as_the_default_account_and_region(void **state)
{
    struct wire *wire = *state;
    const char *seed = write_seed(wire, "{\"calls\":[" CHANNEL "]}");
    const char *const args[] = {
        "--port",       "0",        "--db",      ":memory:", "--seed", seed, "--account",
        "123456789012", "--region", "eu-west-1", NULL};
    struct program *program = wire_run(wire, args);
    struct http_client *client = wire_connect_to(wire, program_port(program));

    struct http_answer all = http_post(client, "/ListChannels", "{}");

    assert_int_equal(reply_count(all.reply, "channels"), 1);
    const char *arn = reply_string(all.reply, "channels.0.arn");
    assert_non_null(strstr(arn, "arn:aws:ivs:eu-west-1:123456789012:channel/"));
}

static void the_events_of_a_seed_are_sent(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    const char *seed = write_seed(wire, "{\"calls\":[" CHANNEL "," STREAM "]}");
    const char *url = wire_printf(wire, "http://127.0.0.1:%d/hook", sink_port(sink));
    const char *const args[] = {"--port", "0",           "--db", ":memory:", "--seed",
                                seed,     "--events-to", url,    NULL};

    struct program *program = wire_run(wire, args);

    (void)program_port(program);
    sink_expect(sink, 2);
    assert_non_null(strstr(sink_request(sink, 1).body, "Stream Start"));
    stop(program);
    sink_free(sink);
}

/* The start fails with status 1 and one line that has this reason; nothing was created,
 * and a start with a valid seed works. */
static void assert_refused(struct wire *wire, const char *path, const char *expected)
{
    const char *db = wire_path(wire, "ivs.db");
    const char *const args[] = {"--port", "0", "--db", db, "--seed", path, NULL};

    struct program *program = wire_run_to_end(wire, args, 1);

    const char *line = program_text(program, PROGRAM_ERR);
    const char *start = wire_printf(wire, "ivs-local: seed %s%s", path, expected);
    const char *end = strchr(line, '\n');
    if (strncmp(line, start, strlen(start)) != 0 || end == NULL || end[1] != '\0')
        fail_msg("not a single line that begins with %s: %s", start, line);
    assert_string_equal(program_text(program, PROGRAM_OUT), "");
    struct program *without = wire_serve(wire, db, NULL, NULL);
    assert_int_equal(channels_of(wire, without), 0);
    stop(without);
    const char *good = wire_path(wire, "good.json");
    const char *text = "{\"calls\":[" CHANNEL "]}";
    wire_write_file(good, text, strlen(text));
    struct program *with = wire_serve(wire, db, "--seed", good);
    assert_int_equal(channels_of(wire, with), 1);
    stop(with);
}

static void a_missing_file_stops_the_start(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, wire_path(wire, "none.json"),
                   " cannot be read: No such file or directory");
}

static void a_folder_stops_the_start(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, "/", " cannot be read: Is a directory");
}

static void an_empty_file_stops_the_start(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, write_seed(wire, ""), ": The JSON text ends unexpectedly");
}

static void a_file_that_is_not_json_stops_the_start(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, write_seed(wire, "<xml/>"),
                   ": The body is not valid JSON (line 1, column 1)");
}

static void an_error_in_the_file_is_located(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, write_seed(wire, "{\n  \"calls\": [],\n}\n"),
                   ": The body is not valid JSON (line 3, column 1)");
}

static void a_file_that_is_not_an_object_stops_the_start(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, write_seed(wire, "[]"), ": The body must be a JSON object");
}

static void a_file_without_calls_stops_the_start(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, write_seed(wire, "{\"call\":[]}"),
                   ": Seed.call is unknown. Did you mean calls? ");
}

static void a_failed_call_stops_the_start_and_rolls_back_the_seed(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire,
                   write_seed(wire, "{\"calls\":[" CHANNEL "," STREAM "," STREAM "]}"),
                   ": calls[2] StartStream: ");
}

static void a_message_is_one_line_whatever_the_file_contains(void **state)
{
    struct wire *wire = *state;

    assert_refused(
        wire,
        write_seed(wire, "{\"calls\":[{\"operation\":\"GetChannel\","
                         "\"input\":{\"arn\":\"${a\\nb}\"}}]}"),
        ": calls[0] GetChannel: ${a b} refers to nothing in an earlier response");
}

static void a_file_has_at_most_one_mebibyte(void **state)
{
    struct wire *wire = *state;
    char *text = wire_printf(wire, "%*s", BODY_MAX_BYTES + 1, "");
    const char *path = wire_path(wire, "seed.json");
    memcpy(text, "{\"calls\":[" CHANNEL "]}", strlen("{\"calls\":[" CHANNEL "]}"));

    wire_write_file(path, text, BODY_MAX_BYTES);
    struct program *program = wire_serve(wire, ":memory:", "--seed", path);
    assert_int_equal(channels_of(wire, program), 1);
    stop(program);

    wire_write_file(path, text, BODY_MAX_BYTES + 1);
    assert_refused(wire, path, " is larger than 1048576 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(a_database_is_seeded_once),
        wire_test_without_server(a_database_is_not_seeded_again_after_a_reset),
        wire_test_without_server(a_seed_that_was_changed_is_a_warning),
        wire_test_without_server(a_seed_of_an_older_version_is_not_compared),
        wire_test_without_server(a_reset_in_a_seed_resets_the_clock),
        wire_test_without_server(a_database_in_memory_is_seeded_at_each_start),
        wire_test_without_server(the_environment_can_name_the_seed),
        wire_test_without_server(a_seed_runs_as_the_default_account_and_region),
        wire_test_without_server(the_events_of_a_seed_are_sent),
        wire_test_without_server(a_missing_file_stops_the_start),
        wire_test_without_server(a_folder_stops_the_start),
        wire_test_without_server(an_empty_file_stops_the_start),
        wire_test_without_server(a_file_that_is_not_json_stops_the_start),
        wire_test_without_server(an_error_in_the_file_is_located),
        wire_test_without_server(a_file_that_is_not_an_object_stops_the_start),
        wire_test_without_server(a_file_without_calls_stops_the_start),
        wire_test_without_server(a_failed_call_stops_the_start_and_rolls_back_the_seed),
        wire_test_without_server(a_message_is_one_line_whatever_the_file_contains),
        wire_test_without_server(a_file_has_at_most_one_mebibyte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
