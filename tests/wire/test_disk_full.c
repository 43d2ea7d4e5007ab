/*
 * The program on a disk that is full or read-only: a small one, which the test mounts.
 * api/test_disk_faults.c tests full disks where nothing can be mounted.
 */
#include "support/wire.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "support/cmocka_all.h"

/* The mount point of the test's disk; NULL: none. */
static const char *disk;

/* Mounts a disk of this size, or skips the test with a message. */
static void mount_disk(struct wire *wire, const char *size)
{
    const char *place = wire_path(wire, "disk");

    assert_int_equal(mkdir(place, 0755), 0);
    if (mount("tmpfs", place, "tmpfs", 0, wire_printf(wire, "size=%s", size)) == 0) {
        disk = place;
        return;
    }
    const char *why = strerror(errno);
    assert_int_equal(remove(place), 0);
    if (getenv("IVS_LOCAL_NO_SKIPS") != NULL)
        fail_msg("no disk can be mounted: %s", why);
    print_message("SKIPPED: no disk can be mounted (%s), so nothing is tested on a full "
                  "one\n",
                  why);
    skip();
}

static void change_disk(struct wire *wire, unsigned long flags, const char *size)
{
    assert_int_equal(
        mount(NULL, disk, NULL, MS_REMOUNT | flags, wire_printf(wire, "size=%s", size)),
        0);
}

static int teardown(void **state)
{
    if (disk != NULL)
        (void)umount2(disk, MNT_DETACH);
    disk = NULL;
    return wire_teardown(state);
}

/* Creates channels until that fails. Returns the number of channels. */
static int fill_disk(struct http_client *client)
{
    enum { MOST = 10000 };

    for (int created = 0; created < MOST; created++) {
        struct http_answer answer = http_post(client, "/CreateChannel", "{}");
        if (answer.reply.status != 200) {
            assert_error_answer(&answer, 500, "InternalServerException");
            return created;
        }
    }
    fail_msg("the disk is never full");
    return -1;
}

static struct http_answer health(struct http_client *client)
{
    return http_call(client, "GET", "/_ivs-local/health", "", NULL);
}

#define FULL "Changes cannot be saved: database or disk is full"

/* The test fails unless health says, more than once, that the disk is full. */
static void assert_unhealthy(struct http_client *client)
{
    for (int i = 0; i < 3; i++) {
        struct http_answer answer = health(client);
        assert_error_answer(&answer, 500, "InternalServerException");
        assert_string_equal(answer.reply.message, FULL);
    }
}

static void assert_command_says_full(struct wire *wire, int port)
{
    const char *number = wire_printf(wire, "%d", port);
    const char *const args[] = {"health", "--port", number, NULL};
    struct program *command = wire_run_to_end(wire, args, 1);

    assert_string_equal(
        program_text(command, PROGRAM_ERR),
        wire_printf(wire, "ivs-local: http://127.0.0.1:%s is not healthy: \"" FULL "\"\n",
                    number));
}

static int count_in(const char *text, const char *part)
{
    int count = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

static void a_full_disk_accepts_no_change_and_loses_none(void **state)
{
    struct wire *wire = *state;
    mount_disk(wire, "1m");
    const char *db = wire_printf(wire, "%s/ivs.db", disk);
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));

    int created = fill_disk(client);
    program_expect(program, PROGRAM_ERR, "database or disk is full");
    assert_int_equal(wire_count_channels(client), created);
    assert_unhealthy(client);
    assert_command_says_full(wire, program_port(program));

    change_disk(wire, 0, "8m");
    assert_int_equal(health(client).reply.status, 200);
    assert_int_equal(health(client).reply.status, 200);
    (void)wire_create_channel(wire, client, "there-is-room-again");
    program_signal(program, SIGKILL);
    assert_int_equal(program_end(program), -SIGKILL);
    const char *log = program_text(program, PROGRAM_ERR);
    assert_int_equal(
        count_in(log, "event=\"the health check fails\" reason=\"" FULL "\""), 1);
    assert_int_equal(count_in(log, "event=\"the health check succeeds again\""), 1);

    program = wire_serve(wire, db, NULL, NULL);
    client = wire_connect_to(wire, program_port(program));
    assert_int_equal(wire_count_channels(client), created + 1);
}

/* The start fails with one line that contains this word. */
static void assert_no_start(struct wire *wire, const char *db, const char *word)
{
    const char *const args[] = {"--port", "0", "--db", db, NULL};
    struct program *program = wire_run_to_end(wire, args, 1);
    const char *line = program_text(program, PROGRAM_ERR);
    const char *newline = strchr(line, '\n');

    if (newline == NULL || newline[1] != '\0' || strstr(line, db) == NULL ||
        strstr(line, word) == NULL)
        fail_msg("not a single line about %s and %s: %s", db, word, line);
}

static void a_start_on_a_full_disk_reports_it(void **state)
{
    struct wire *wire = *state;
    mount_disk(wire, "64k");
    const char *db = wire_printf(wire, "%s/ivs.db", disk);

    assert_no_start(wire, db, "disk is full");

    change_disk(wire, 0, "8m");
    assert_serves(wire, program_port(wire_serve(wire, db, NULL, NULL)));
}

static void a_start_on_a_read_only_disk_reports_it(void **state)
{
    struct wire *wire = *state;
    mount_disk(wire, "8m");
    const char *db = wire_printf(wire, "%s/ivs.db", disk);
    struct program *program = wire_serve(wire, db, NULL, NULL);
    (void)wire_create_channel(wire, wire_connect_to(wire, program_port(program)), "kept");
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    change_disk(wire, MS_RDONLY, "8m");
    assert_no_start(wire, db, "cannot be opened for writing: Read-only file system");
    assert_no_start(wire, wire_printf(wire, "%s/other.db", disk),
                    "cannot be opened for writing: Read-only file system");
    assert_no_start(wire, wire_printf(wire, "%s/new/ivs.db", disk),
                    "new cannot be created: Read-only file system");

    change_disk(wire, 0, "8m");
    program = wire_serve(wire, db, NULL, NULL);
    assert_int_equal(wire_count_channels(wire_connect_to(wire, program_port(program))),
                     1);
}

#define DISK_TEST(test)                                                                  \
    cmocka_unit_test_setup_teardown(test, wire_setup_without_server, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DISK_TEST(a_full_disk_accepts_no_change_and_loses_none),
        DISK_TEST(a_start_on_a_full_disk_reports_it),
        DISK_TEST(a_start_on_a_read_only_disk_reports_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
