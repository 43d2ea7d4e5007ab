/*
 * The database file, as the program treats it: what a restart keeps, and which files it
 * refuses and leaves as they are.
 */
#include "support/wire.h"

#include "base/arena.h"
#include "store/store.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

/* Where the header of a SQLite file says things. */
enum { VERSIONS_AT = 18, USER_VERSION_AT = 60, APPLICATION_ID_AT = 68 };

static void stop(struct program *program)
{
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
}

/* A database as the program leaves it, with a few channels in it. */
static const char *make_database(struct wire *wire)
{
    const char *db = wire_path(wire, "ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));

    for (int i = 0; i < 50; i++)
        (void)wire_create_channel(wire, client, "kept");
    stop(program);
    return db;
}

/* The start fails with one line that has both words, and the file stays what it is. */
static void assert_refused(struct wire *wire, const char *db, const char *word)
{
    const char *const args[] = {"--port", "0", "--db", db, NULL};
    size_t length_before, length_after;
    const char *before = wire_read_file(wire, db, &length_before);

    struct program *program = wire_run_to_end(wire, args, 1);

    const char *line = program_text(program, PROGRAM_ERR);
    const char *newline = strchr(line, '\n');
    if (newline == NULL || newline[1] != '\0' || strstr(line, db) == NULL ||
        strstr(line, word) == NULL)
        fail_msg("not one line about %s and %s: %s", db, word, line);
    assert_string_equal(program_text(program, PROGRAM_OUT), "");
    const char *after = wire_read_file(wire, db, &length_after);
    assert_int_equal(length_after, length_before);
    for (size_t i = 0; i < length_before; i++) {
        if (before[i] != after[i])
            fail_msg("byte %zu of the file is changed from %d to %d", i, before[i],
                     after[i]);
    }
}

static void a_restart_keeps_everything(void **state)
{
    static const struct {
        const char *target;
        const char *body;
    } reads[] = {
        {"/GetChannel",                  "{\"arn\":\"%s\"}"       },
        {"/ListStreamKeys",              "{\"channelArn\":\"%s\"}"},
        {"/ListChannels",                ""                       },
        {"/ListRecordingConfigurations", ""                       },
    };
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    const char *answers[2][COUNT_OF(reads) + 2];
    const char *arn = NULL, *key_arn = NULL;

    for (int start = 0; start < 2; start++) {
        struct program *program = wire_serve(wire, db, "--transitions", "0");
        struct http_client *client = wire_connect_to(wire, program_port(program));
        if (start == 0) {
            struct http_answer recording = http_post(
                client, "/CreateRecordingConfiguration",
                "{\"name\":\"rec\",\"destinationConfiguration\":{\"s3\":{\"bucketName\":"
                "\"bucket\"}},\"tags\":{\"a\":\"1\"}}");
            assert_success(recording.reply, 200);
            struct http_answer channel = http_post(
                client, "/CreateChannel",
                wire_printf(
                    wire,
                    "{\"name\":\"lobby\",\"type\":\"BASIC\",\"latencyMode\":\"NORMAL\","
                    "\"authorized\":true,\"tags\":{\"team\":\"vid\\u00e9o\"},"
                    "\"recordingConfigurationArn\":\"%s\"}",
                    reply_string(recording.reply, "recordingConfiguration.arn")));
            assert_success(channel.reply, 200);
            arn = reply_string(channel.reply, "channel.arn");
            key_arn = reply_string(channel.reply, "streamKey.arn");
        }
        size_t count = 0;
        for (; count < COUNT_OF(reads); count++) {
            const char *body = reads[count].body;
            const char *at = strstr(body, "%s");
            if (at != NULL)
                body = wire_printf(wire, "%.*s%s%s", (int)(at - body), body, arn, at + 2);
            answers[start][count] =
                http_call(client, "POST", reads[count].target, "", body).body;
        }
        answers[start][count++] =
            http_call(client, "GET", wire_printf(wire, "/tags/%s", arn), "", NULL).body;
        answers[start][count] = http_post(client, "/GetStreamKey",
                                          wire_printf(wire, "{\"arn\":\"%s\"}", key_arn))
                                    .body;
        assert_non_null(strstr(answers[start][count], "\"value\":\"sk_us-east-1_"));
        assert_non_null(strstr(answers[start][0], "vid\xc3\xa9o"));
        stop(program);
    }

    /* The playback URL has the port, which is not the same. */
    const char *url[2] = {strstr(answers[0][0], "/api/video/"),
                          strstr(answers[1][0], "/api/video/")};
    assert_string_equal(url[0], url[1]);
    for (size_t i = 1; i < COUNT_OF(answers[0]); i++)
        assert_string_equal(answers[0][i], answers[1][i]);
}

static void a_second_server_on_a_file_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    int port = program_port(wire_serve(wire, db, NULL, NULL));
    struct http_client *client = wire_connect_to(wire, port);
    (void)wire_create_channel(wire, client, "before");

    assert_refused(wire, db, "in use");

    (void)wire_create_channel(wire, client, "after");
    assert_int_equal(wire_count_channels(client), 2);
}

static void a_file_is_free_again_after_its_server_was_killed(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct program *first = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(first));
    (void)wire_create_channel(wire, client, "kept");

    program_signal(first, SIGKILL);
    assert_int_equal(program_end(first), -SIGKILL);

    struct program *second = wire_serve(wire, db, NULL, NULL);
    client = wire_connect_to(wire, program_port(second));
    assert_int_equal(wire_count_channels(client), 1);
}

static void a_file_that_is_no_database_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "notes.txt");
    char text[5000];

    memset(text, 'x', sizeof(text));
    wire_write_file(db, text, sizeof(text));

    assert_refused(wire, db, "corrupt or not a database");
}

static void a_damaged_database_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *db = make_database(wire);
    size_t length;
    char *bytes = (char *)(uintptr_t)wire_read_file(wire, db, &length);

    assert_true(length > 16384);
    memset(bytes + 4096, 0xaa, length - 8192);
    wire_write_file(db, bytes, length);

    assert_refused(wire, db, "corrupt or not a database");
}

static void a_truncated_database_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *db = make_database(wire);
    size_t length;
    const char *bytes = wire_read_file(wire, db, &length);

    wire_write_file(db, bytes, length / 2 + 100);

    assert_refused(wire, db, "corrupt or not a database");
}

/* Makes a database with these migrations, the way the program does. */
static void make_with(const char *db, const struct migration *migrations, size_t count)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *why = NULL;
    struct store *store = store_open_at(db, migrations, count, arena, &why);

    if (store == NULL)
        fail_msg("%s", why);
    store_close(store);
}

static void a_database_of_a_newer_version_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct migration newer[16];

    assert_true(store_migrations_count < COUNT_OF(newer));
    memcpy(newer, store_migrations, store_migrations_count * sizeof(newer[0]));
    newer[store_migrations_count] =
        (struct migration){"9999_from_the_future.sql", "CREATE TABLE future (x TEXT);"};
    make_with(db, newer, store_migrations_count + 1);

    assert_refused(wire, db, "newer than this program");
}

/* A SQLite database as another program would have it. `format` is 1 for a rollback
 * journal, 2 for a write-ahead log. */
static const char *make_foreign(struct wire *wire, char format)
{
    static const struct migration other = {"other", "CREATE TABLE other (x TEXT);"};
    const char *db = wire_path(wire, "other.db");
    size_t length;

    make_with(db, &other, 1);
    char *bytes = (char *)(uintptr_t)wire_read_file(wire, db, &length);
    assert_true(length > APPLICATION_ID_AT + 4);
    memset(bytes + VERSIONS_AT, format, 2);
    memset(bytes + USER_VERSION_AT, 0, 4);
    memset(bytes + APPLICATION_ID_AT, 0, 4);
    wire_write_file(db, bytes, length);
    return db;
}

static void a_database_of_another_program_is_refused(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, make_foreign(wire, 1), "belongs to another program");
}

static void a_database_of_another_program_with_a_log_is_refused(void **state)
{
    struct wire *wire = *state;

    assert_refused(wire, make_foreign(wire, 2), "belongs to another program");
}

static void a_place_that_cannot_be_written_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *const places[] = {"/dev/null/ivs.db", "/dev/null/a/b/ivs.db",
                                  wire_path(wire, ""), "/proc/ivs.db"};

    for (size_t i = 0; i < COUNT_OF(places); i++) {
        const char *const args[] = {"--port", "0", "--db", places[i], NULL};
        struct program *program = wire_run_to_end(wire, args, 1);
        const char *line = program_text(program, PROGRAM_ERR);
        const char *newline = strchr(line, '\n');
        if (newline == NULL || newline[1] != '\0' || strstr(line, places[i]) == NULL)
            fail_msg("not one line about %s: %s", places[i], line);
    }
}

static void missing_directories_are_made(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "sub/ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);

    assert_serves(wire, program_port(program));
    stop(program);

    assert_int_equal(remove(db), 0);
}

static void an_empty_file_becomes_a_database(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    wire_write_file(db, "", 0);

    struct program *program = wire_serve(wire, db, NULL, NULL);

    assert_serves(wire, program_port(program));
}

static void nothing_of_a_database_in_memory_is_kept(void **state)
{
    struct wire *wire = *state;
    int counts[2];

    for (size_t i = 0; i < 2; i++) {
        struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
        struct http_client *client = wire_connect_to(wire, program_port(program));
        counts[i] = wire_count_channels(client);
        (void)wire_create_channel(wire, client, "gone");
        stop(program);
    }

    assert_int_equal(counts[0], 0);
    assert_int_equal(counts[1], 0);
}

/* Whether a channel can be created, and the server calls itself healthy. */
static void assert_writes(struct http_client *client, bool writes)
{
    struct http_answer created = http_post(client, "/CreateChannel", "{}");
    struct http_answer health = http_call(client, "GET", "/_ivs-local/health", "", NULL);

    if (writes) {
        assert_success(created.reply, 200);
        assert_success(health.reply, 200);
        return;
    }
    assert_error_answer(&created, 500, "InternalServerException");
    assert_error_answer(&health, 500, "InternalServerException");
}

static void nothing_is_acknowledged_once_the_file_is_removed(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    assert_writes(client, true);

    assert_int_equal(remove(db), 0);
    assert_writes(client, false);

    assert_int_equal(wire_count_channels(client), 1);
    program_expect(program, PROGRAM_ERR, "the database file was removed or replaced");
    stop(program);
}

static void a_file_that_was_away_for_a_while_has_all_that_was_acknowledged(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    const char *aside = wire_path(wire, "aside.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    assert_writes(client, true);

    assert_int_equal(rename(db, aside), 0);
    wire_write_file(db, "another", 7);
    assert_writes(client, false);
    assert_int_equal(rename(aside, db), 0);
    assert_writes(client, true);

    program_signal(program, SIGKILL);
    assert_int_equal(program_end(program), -SIGKILL);
    program = wire_serve(wire, db, NULL, NULL);
    client = wire_connect_to(wire, program_port(program));
    assert_int_equal(wire_count_channels(client), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(a_restart_keeps_everything),
        wire_test_without_server(a_second_server_on_a_file_is_refused),
        wire_test_without_server(a_file_is_free_again_after_its_server_was_killed),
        wire_test_without_server(a_file_that_is_no_database_is_refused),
        wire_test_without_server(a_damaged_database_is_refused),
        wire_test_without_server(a_truncated_database_is_refused),
        wire_test_without_server(a_database_of_a_newer_version_is_refused),
        wire_test_without_server(a_database_of_another_program_is_refused),
        wire_test_without_server(a_database_of_another_program_with_a_log_is_refused),
        wire_test_without_server(a_place_that_cannot_be_written_is_refused),
        wire_test_without_server(missing_directories_are_made),
        wire_test_without_server(an_empty_file_becomes_a_database),
        wire_test_without_server(nothing_of_a_database_in_memory_is_kept),
        wire_test_without_server(nothing_is_acknowledged_once_the_file_is_removed),
        wire_test_without_server(
            a_file_that_was_away_for_a_while_has_all_that_was_acknowledged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
