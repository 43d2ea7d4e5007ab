/*
 * The database file of the program: what a restart keeps, and which files it refuses and
 * leaves unchanged.
 */
#include "support/wire.h"

#include "base/arena.h"
#include "base/memory.h"
#include "store/store.h"
#include "store/txn.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka_all.h"

/* Offsets in the header of a SQLite file. */
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

/* The start fails with one line that contains both words, and the file is unchanged. */
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
        fail_msg("not a single line about %s and %s: %s", db, word, line);
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

    /* The playback URL contains the port, which differs. */
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

static void a_file_that_is_not_a_database_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "notes.txt");
    char text[5000];

    memset(text, 'x', sizeof(text));
    wire_write_file(db, text, sizeof(text));

    assert_refused(wire, db, "corrupt or not a database");
}

/* Kinds of damage to a file with 4096-byte pages, and the reason that is logged. A length
 * of 0 truncates the file at the offset. */
static const struct damage {
    size_t at;
    size_t length;
    const char *bytes; /* NULL: 0xaa, so many times */
    const char *word;
} damages[] = {
    {0,     6,     "sqlite",   "corrupt or not a database"   },
    {16,    2,     "\0\3",     "corrupt or not a database"   }, /* page size */
    {18,    2,     "\7\7",     "corrupt or not a database"   }, /* file format */
    {18,    1,     "\7",       "cannot be opened for writing"}, /* to write */
    {21,    3,     "\1\1\1",   "corrupt or not a database"   }, /* payload */
    {56,    4,     "\0\0\0\7", "corrupt or not a database"   }, /* text encoding */
    {100,   1,     "\x0f",     "corrupt or not a database"   }, /* of the schema */
    {100,   3996,  NULL,       "corrupt or not a database"   },
    {4096,  1,     "\0",       "corrupt or not a database"   }, /* of a table */
    {4096,  4096,  NULL,       "corrupt or not a database"   },
    {40960, 40960, NULL,       "corrupt or not a database"   },
    {2,     0,     NULL,       "corrupt or not a database"   },
    {99,    0,     NULL,       "corrupt or not a database"   },
    {100,   0,     NULL,       "corrupt or not a database"   },
    {4096,  0,     NULL,       "corrupt or not a database"   },
    {20000, 0,     NULL,       "corrupt or not a database"   },
};

static void every_kind_of_damage_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *db = make_database(wire);
    size_t length;
    const char *whole = wire_read_file(wire, db, &length);
    char *bytes = mem_alloc(length);

    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        const struct damage *damage = &damages[i];
        print_message("%zu bytes at %zu\n", damage->length, damage->at);
        assert_true(damage->at + damage->length < length);
        memcpy(bytes, whole, length);
        if (damage->bytes != NULL)
            memcpy(bytes + damage->at, damage->bytes, damage->length);
        else
            memset(bytes + damage->at, 0xaa, damage->length);
        wire_write_file(db, bytes, damage->length > 0 ? length : damage->at);
        assert_refused(wire, db, damage->word);
    }
    free(bytes);
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

/* A database that is much larger than SQLite's cache. */
static const char *make_large_database(struct wire *wire)
{
    static const char fill[] =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000)"
        " INSERT INTO channel (account, region, id, name, latency_mode, type, preset,"
        " container_format, authorized, insecure_ingest, srt_passphrase, tags)"
        " SELECT '000000000000', 'us-east-1', printf('%012d', i), printf('%0128d', i),"
        " 'LOW', 'STANDARD', '', 'TS', 0, 0, printf('%0900d', i), '{}' FROM n";
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *db = wire_path(wire, "large.db");
    const char *why = NULL;
    struct store *store = store_open(db, arena, &why);

    assert_non_null(store);
    struct txn *txn = txn_begin(store, arena, TXN_WRITE);
    struct stmt *q = txn_query(txn, fill);
    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    assert_int_equal(txn_commit(&txn), DB_DONE);
    store_close(store);
    return db;
}

/* Overwrites a part of a file that a program has open. */
static void overwrite(const char *path, long at, size_t length)
{
    char *bytes = mem_alloc(length);
    FILE *file = fopen(path, "r+b");

    assert_non_null(file);
    memset(bytes, 0xaa, length);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(bytes);
}

static void damage_found_later_affects_nothing_else(void **state)
{
    enum { AT = 5 * 1024 * 1024, LENGTH = 1024 * 1024, CALLS = 200 };
    struct wire *wire = *state;
    const char *db = make_large_database(wire);
    int statuses[2] = {0, 0};
    struct program *program = wire_serve(wire, db, "--quotas", "off");
    struct http_client *client = wire_connect_to(wire, program_port(program));

    overwrite(db, AT, LENGTH);
    for (int i = 1; i <= CALLS; i++) {
        struct http_answer answer = http_post(
            client, "/GetChannel",
            wire_printf(wire,
                        "{\"arn\":\"arn:aws:ivs:us-east-1:000000000000:channel/%012d\"}",
                        i * 50));
        if (answer.reply.status != 200)
            assert_error_answer(&answer, 500, "InternalServerException");
        statuses[answer.reply.status == 200]++;
    }

    assert_true(statuses[0] > 0);
    assert_true(statuses[1] > 0);
    program_expect(program, PROGRAM_ERR, "database disk image is malformed");
    assert_serves(wire, program_port(program));
    stop(program);
    assert_refused(wire, db, "corrupt or not a database");
}

/* Starts another process that runs this on the database and keeps it open until it is
 * killed. */
static pid_t hold(const char *db, const char *sql)
{
    char byte = 0;
    int ready[2];

    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        sqlite3 *other = NULL;
        bool holds = sqlite3_open(db, &other) == SQLITE_OK &&
                     sqlite3_exec(other, sql, NULL, NULL, NULL) == SQLITE_OK &&
                     write(ready[1], "r", 1) == 1;
        while (holds) /* until it is killed: NOLINT(bugprone-infinite-loop) */
            pause();
        _exit(EXIT_FAILURE);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

/* The server does not start while the other process runs, and starts afterwards. */
static void assert_refused_while(struct wire *wire, const char *sql)
{
    const char *db = make_database(wire);
    const char *const args[] = {"--port", "0", "--db", db, NULL};
    pid_t other = hold(db, sql);

    struct program *program = wire_run_to_end(wire, args, 1);
    assert_int_equal(kill(other, SIGKILL), 0);
    assert_int_equal(waitpid(other, NULL, 0), other);

    assert_string_equal(program_text(program, PROGRAM_ERR),
                        wire_printf(wire,
                                    "ivs-local: database %s is in use by another process "
                                    "(one server per file; see --db)\n",
                                    db));
    program = wire_serve(wire, db, NULL, NULL);
    assert_int_equal(wire_count_channels(wire_connect_to(wire, program_port(program))),
                     50);
}

static void a_file_that_another_program_reads_is_refused(void **state)
{
    assert_refused_while(*state, "BEGIN; SELECT count(*) FROM channel");
}

static void a_file_that_another_program_writes_is_refused(void **state)
{
    assert_refused_while(*state, "BEGIN IMMEDIATE; DELETE FROM channel");
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

static void a_directory_that_cannot_be_written_is_refused(void **state)
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
            fail_msg("not a single line about %s: %s", places[i], line);
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

static void a_database_in_memory_is_not_kept(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(a_restart_keeps_everything),
        wire_test_without_server(a_second_server_on_a_file_is_refused),
        wire_test_without_server(a_file_is_free_again_after_its_server_was_killed),
        wire_test_without_server(a_file_that_is_not_a_database_is_refused),
        wire_test_without_server(every_kind_of_damage_is_refused),
        wire_test_without_server(damage_found_later_affects_nothing_else),
        wire_test_without_server(a_file_that_another_program_reads_is_refused),
        wire_test_without_server(a_file_that_another_program_writes_is_refused),
        wire_test_without_server(a_database_of_a_newer_version_is_refused),
        wire_test_without_server(a_database_of_another_program_is_refused),
        wire_test_without_server(a_database_of_another_program_with_a_log_is_refused),
        wire_test_without_server(a_directory_that_cannot_be_written_is_refused),
        wire_test_without_server(missing_directories_are_made),
        wire_test_without_server(an_empty_file_becomes_a_database),
        wire_test_without_server(a_database_in_memory_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
