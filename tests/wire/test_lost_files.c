/*
 * The files of the database are removed while the server runs: from then on no change is
 * acknowledged, and the health check gives the reason.
 */
#include "support/wire.h"

#include "base/attrs.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cmocka_all.h"

static const char *const names[] = {"ivs.db", "ivs.db-wal"};

/* The file in its own folder. */
static const char *path_of(struct wire *wire, const char *folder, const char *name)
{
    return wire_printf(wire, "%s/%s", wire_path(wire, folder), name);
}

/* A channel can be created, and the health check succeeds. */
static void assert_writes(struct http_client *client)
{
    struct http_answer created = http_post(client, "/CreateChannel", "{}");
    struct http_answer health = http_call(client, "GET", "/_ivs-local/health", "", NULL);

    assert_success(created.reply, 200);
    assert_success(health.reply, 200);
}

/* Nothing can be created, and the health check names the file. */
static void assert_names_lost_file(struct wire *wire, struct http_client *client,
                                   const char *name)
{
    struct http_answer created = http_post(client, "/CreateChannel", "{}");
    struct http_answer health = http_call(client, "GET", "/_ivs-local/health", "", NULL);

    assert_error_answer(&created, 500, "InternalServerException");
    assert_error_answer(&health, 500, "InternalServerException");
    assert_string_equal(
        health.reply.message,
        wire_printf(wire,
                    "%s was removed, renamed or replaced: changes can no longer be saved",
                    name));
}

static void remove_file(struct wire *wire, const char *path)
{
    (void)wire;
    assert_int_equal(unlink(path), 0);
}

static void rename_file(struct wire *wire, const char *path)
{
    assert_int_equal(rename(path, wire_path(wire, "aside")), 0);
}

static void replace_file(struct wire *wire, const char *path)
{
    const char *other = wire_path(wire, "other");

    wire_write_file(other, "another", 7);
    assert_int_equal(rename(other, path), 0);
}

static void assert_loss_is_noticed(struct wire *wire, const char *name,
                                   void (*lose)(struct wire *wire, const char *path))
{
    const char *db = path_of(wire, name, "ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    assert_writes(client);

    lose(wire, path_of(wire, name, name));
    assert_names_lost_file(wire, client, name);

    assert_int_equal(wire_count_channels(client), 1);
    program_expect(program, PROGRAM_ERR, "a database file was removed or replaced");
    program_expect(program, PROGRAM_ERR,
                   wire_printf(wire,
                               "event=\"the health check fails\" reason=\"%s was removed",
                               name));
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
}

static void nothing_is_acknowledged_once_a_file_is_removed(void **state)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_loss_is_noticed(*state, names[i], remove_file);
}

static void nothing_is_acknowledged_once_a_file_is_renamed(void **state)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_loss_is_noticed(*state, names[i], rename_file);
}

static void nothing_is_acknowledged_once_a_file_is_replaced(void **state)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_loss_is_noticed(*state, names[i], replace_file);
}

static size_t count_in(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

static void a_failure_at_every_call_is_logged_once_and_counted(void **state)
{
    enum { CALLS = 300 };
    struct wire *wire = *state;
    const char *db = path_of(wire, "counted", "ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));

    rename_file(wire, db);
    for (int i = 0; i < CALLS; i++) {
        struct http_answer answer = http_post(client, "/CreateChannel", "{}");
        assert_error_answer(&answer, 500, "InternalServerException");
    }
    assert_int_equal(rename(wire_path(wire, "aside"), db), 0);
    assert_writes(client);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    /* A slow machine may need more than one period for the calls. */
    const char *log = program_text(program, PROGRAM_ERR);
    assert_in_range(count_in(log, "a database file was removed or replaced,"), 1, 10);
    assert_non_null(
        strstr(log, "event=\"lines left out\" of=\"a database file was removed"));
    assert_non_null(strstr(
        log, wire_printf(wire, "event=\"changes are saved again\" failed=%d", CALLS)));
}

static void nothing_is_acknowledged_once_the_folder_is_renamed(void **state)
{
    struct wire *wire = *state;
    struct program *program =
        wire_serve(wire, path_of(wire, "folder", "ivs.db"), NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    assert_writes(client);

    assert_int_equal(rename(wire_path(wire, "folder"), wire_path(wire, "moved")), 0);

    assert_names_lost_file(wire, client, "ivs.db");
}

/* A file that was absent for some time has everything that was acknowledged. */
static void assert_survives_absence(struct wire *wire, const char *name)
{
    const char *db = path_of(wire, name, "ivs.db");
    const char *path = path_of(wire, name, name);
    const char *aside = wire_path(wire, "aside");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    assert_writes(client);

    assert_int_equal(rename(path, aside), 0);
    wire_write_file(path, "another", 7);
    assert_names_lost_file(wire, client, name);
    assert_int_equal(rename(aside, path), 0);
    assert_writes(client);

    program_signal(program, SIGKILL);
    assert_int_equal(program_end(program), -SIGKILL);
    program = wire_serve(wire, db, NULL, NULL);
    client = wire_connect_to(wire, program_port(program));
    assert_int_equal(wire_count_channels(client), 2);
}

static void a_file_that_is_put_back_is_written_again_and_complete(void **state)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_survives_absence(*state, names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(nothing_is_acknowledged_once_a_file_is_removed),
        wire_test_without_server(nothing_is_acknowledged_once_a_file_is_renamed),
        wire_test_without_server(nothing_is_acknowledged_once_a_file_is_replaced),
        wire_test_without_server(a_failure_at_every_call_is_logged_once_and_counted),
        wire_test_without_server(nothing_is_acknowledged_once_the_folder_is_renamed),
        wire_test_without_server(a_file_that_is_put_back_is_written_again_and_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
