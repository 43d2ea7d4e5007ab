/*
 * Chat logs in S3: what is in the files, their names, and when they are complete.
 */
#include "../../src/chat/log_files_internal.h"

#include "base/memory.h"
#include "base/text.h"
#include "chat/log_writer.h"
#include "log_entries.h"
#include "support/gunzip.h"
#include "support/sink.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

struct fixture {
    struct arena *arena;
    struct sink *sink;
    struct aws_endpoints endpoints;
    struct objects *objects;
    struct clock *clock;
    struct log_tally tally;
    struct log_files *files;
};

static int setup(void **state)
{
    struct fixture *fixture = mem_zalloc(sizeof(*fixture));

    fixture->arena = arena_new();
    fixture->sink = sink_new();
    fixture->endpoints.s3 =
        arena_printf(fixture->arena, "http://127.0.0.1:%d", sink_port(fixture->sink));
    fixture->objects = objects_new(NULL, &fixture->endpoints);
    fixture->clock = clock_new_stopped(LOG_TIME_MS);
    fixture->files = log_files_new(fixture->objects, fixture->clock, &fixture->tally);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    log_files_free(fixture->files);
    clock_free(fixture->clock);
    objects_free(fixture->objects);
    sink_free(fixture->sink);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static void take(struct fixture *fixture, struct log_entry *entry)
{
    log_files_work.take(fixture->files, entry);
}

static void take_line(struct fixture *fixture, const char *room_id, const char *line)
{
    take(fixture, log_entry_of(room_id, "bucket", clock_now_ms(fixture->clock), line));
}

static int64_t write_due(struct fixture *fixture)
{
    return log_files_work.write(fixture->files, false);
}

static void write_everything(struct fixture *fixture)
{
    assert_int_equal(log_files_work.write(fixture->files, true), -1);
}

/* The lines of a file that the sink got. */
static const char *lines_of(struct fixture *fixture, size_t index)
{
    struct sink_request request = sink_request(fixture->sink, index);

    return gunzip_text(fixture->arena, request.body, request.body_length);
}

static void assert_file(struct fixture *fixture, size_t index, const char *path,
                        const char *lines)
{
    const char *line = sink_request(fixture->sink, index).line;

    if (!text_starts_with(line, arena_printf(fixture->arena, "PUT %s", path)))
        fail_msg("%s is not %s", line, path);
    assert_string_equal(lines_of(fixture, index), lines);
}

static void the_key_is_the_documented_one(void **state)
{
    static const struct scope scope = {"123456789012", "us-west-2"};
    struct fixture *fixture = *state;

    assert_string_equal(
        log_file_key(fixture->arena, scope, "abc123DEF456", INT64_C(1665769499999),
                     0x1766dcbc),
        "AWSLogs/123456789012/IVSChatLogs/1.0/us-west-2/room_abc123DEF456/2022/10/14/17/"
        "123456789012_IVSChatLogs_1.0_us-west-2_room_abc123DEF456_20221014T1740Z_"
        "1766dcbc.log.gz");
    assert_non_null(strstr(
        log_file_key(fixture->arena, scope, "a", LOG_TIME_MS, 0xf),
        "/2022/10/14/17/123456789012_IVSChatLogs_1.0_us-west-2_room_a_20221014T1745Z_"
        "0000000f.log.gz"));
}

static void records_of_a_room_are_the_lines_of_a_file(void **state)
{
    struct fixture *fixture = *state;

    take_line(fixture, "room1", "{\"a\":1}");
    take_line(fixture, "room1", "{\"a\":2}");
    write_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 1);
    assert_file(fixture, 0,
                "/bucket/AWSLogs/123456789012/IVSChatLogs/1.0/us-west-2/room_room1/2022/"
                "10/14/17/123456789012_IVSChatLogs_1.0_us-west-2_room_room1_"
                "20221014T1745Z_",
                "{\"a\":1}\n{\"a\":2}\n");
    assert_string_equal(sink_header(fixture->sink, 0, "content-type"),
                        "application/x-gzip");
    assert_null(sink_find_header(fixture->sink, 0, "content-encoding"));
    assert_tally(&fixture->tally, 2, 0, 0);
}

static void each_room_and_bucket_has_its_own_file(void **state)
{
    struct fixture *fixture = *state;

    take(fixture, log_entry_of("room1", "bucket1", LOG_TIME_MS, "1"));
    take(fixture, log_entry_of("room2", "bucket1", LOG_TIME_MS, "2"));
    take(fixture, log_entry_of("room1", "bucket2", LOG_TIME_MS, "3"));
    take(fixture, log_entry_abroad("room1", "bucket1", LOG_TIME_MS, "4"));
    take(fixture, log_entry_of("room1", "bucket1", LOG_TIME_MS, "5"));
    write_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 4);
    assert_file(fixture, 0, "/bucket1/AWSLogs/123456789012/IVSChatLogs/1.0/us-west-2/",
                "1\n5\n");
    assert_file(fixture, 1, "/bucket1/AWSLogs/123456789012/IVSChatLogs/1.0/us-west-2/",
                "2\n");
    assert_file(fixture, 2, "/bucket2/AWSLogs/123456789012/IVSChatLogs/1.0/us-west-2/",
                "3\n");
    assert_file(fixture, 3, "/bucket1/AWSLogs/123456789012/IVSChatLogs/1.0/eu-west-1/",
                "4\n");
}

static void a_file_is_complete_five_minutes_after_its_first_record(void **state)
{
    struct fixture *fixture = *state;

    take_line(fixture, "room1", "1");
    assert_int_equal(write_due(fixture), LOG_FILE_MS);
    clock_advance(fixture->clock, LOG_FILE_MS - 1);
    take_line(fixture, "room1", "2");
    take_line(fixture, "room2", "3");
    assert_int_equal(write_due(fixture), 1);
    assert_int_equal(sink_count(fixture->sink), 0);

    clock_advance(fixture->clock, 1);
    assert_int_equal(write_due(fixture), LOG_FILE_MS - 1);

    assert_int_equal(sink_count(fixture->sink), 1);
    assert_string_equal(lines_of(fixture, 0), "1\n2\n");
}

static void the_clock_of_a_scope_completes_only_its_files(void **state)
{
    static const struct scope abroad = {"123456789012", "eu-west-1"};
    struct fixture *fixture = *state;
    take_line(fixture, "room1", "1");
    take(fixture, log_entry_abroad("room1", "bucket", LOG_TIME_MS, "2"));

    assert_int_equal(clock_move(fixture->clock, abroad, LOG_FILE_MS), 0);
    assert_int_equal(write_due(fixture), LOG_FILE_MS);

    assert_int_equal(sink_count(fixture->sink), 1);
    assert_string_equal(lines_of(fixture, 0), "2\n");
}

static void a_clock_that_is_reset_completes_the_file(void **state)
{
    static const struct scope scope = {"123456789012", "us-west-2"};
    struct fixture *fixture = *state;
    assert_int_equal(clock_move(fixture->clock, scope, LOG_FILE_MS), 0);
    take(fixture, log_entry_of("room1", "bucket", LOG_TIME_MS + LOG_FILE_MS, "1"));
    assert_int_equal(write_due(fixture), LOG_FILE_MS);

    clock_forget(fixture->clock, &scope);

    assert_int_equal(write_due(fixture), -1);
    assert_int_equal(sink_count(fixture->sink), 1);
}

static void a_megabyte_is_a_complete_file(void **state)
{
    enum { LINES = 5, LINE_BYTES = LOG_FILE_MAX_BYTES / 4 };
    struct fixture *fixture = *state;
    char *line = arena_alloc(fixture->arena, LINE_BYTES);
    memset(line, 'x', LINE_BYTES - 1); /* and a line break */

    for (int i = 0; i < LINES; i++) {
        line[0] = (char)('0' + i);
        take_line(fixture, "room1", line);
    }
    assert_int_equal(sink_count(fixture->sink), 1);
    write_everything(fixture);

    assert_int_equal(strlen(lines_of(fixture, 0)), LOG_FILE_MAX_BYTES);
    assert_int_equal(lines_of(fixture, 1)[0], '4');
    assert_string_not_equal(sink_request(fixture->sink, 0).line,
                            sink_request(fixture->sink, 1).line);
    assert_tally(&fixture->tally, LINES, 0, 0);
}

static void a_request_to_close_completes_the_files_of_its_scope(void **state)
{
    struct fixture *fixture = *state;
    take_line(fixture, "room1", "1");
    take_line(fixture, "room2", "2");
    take(fixture, log_entry_abroad("room1", "bucket", LOG_TIME_MS, "3"));

    take(fixture, log_entry_closing(false));
    assert_int_equal(sink_count(fixture->sink), 2);
    take(fixture, log_entry_closing(true));
    assert_int_equal(sink_count(fixture->sink), 3);

    assert_string_equal(lines_of(fixture, 2), "3\n");
    assert_int_equal(write_due(fixture), -1);
}

static void beyond_its_memory_the_oldest_file_is_completed(void **state)
{
    struct fixture *fixture = *state;

    for (int i = 0; i <= LOG_FILES_MAX; i++)
        take_line(fixture, arena_printf(fixture->arena, "room%d", i), "x");

    assert_int_equal(sink_count(fixture->sink), 1);
    assert_non_null(strstr(sink_request(fixture->sink, 0).line, "/room_room0/"));
    log_files_work.cancel(fixture->files);
}

static void a_refused_file_is_dropped(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, 404, "<Error><Code>NoSuchBucket</Code></Error>");

    take_line(fixture, "room1", "1");
    take_line(fixture, "room1", "2");
    write_everything(fixture);

    assert_tally(&fixture->tally, 0, 0, 2);
    write_everything(fixture);
    assert_int_equal(sink_count(fixture->sink), 1);
}

static void a_cancelled_lane_writes_nothing(void **state)
{
    struct fixture *fixture = *state;
    take_line(fixture, "room1", "1");

    log_files_work.cancel(fixture->files);
    write_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 0);
    assert_tally(&fixture->tally, 0, 0, 1);
}

#define FILES_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILES_TEST(the_key_is_the_documented_one),
        FILES_TEST(records_of_a_room_are_the_lines_of_a_file),
        FILES_TEST(each_room_and_bucket_has_its_own_file),
        FILES_TEST(a_file_is_complete_five_minutes_after_its_first_record),
        FILES_TEST(the_clock_of_a_scope_completes_only_its_files),
        FILES_TEST(a_clock_that_is_reset_completes_the_file),
        FILES_TEST(a_megabyte_is_a_complete_file),
        FILES_TEST(a_request_to_close_completes_the_files_of_its_scope),
        FILES_TEST(beyond_its_memory_the_oldest_file_is_completed),
        FILES_TEST(a_refused_file_is_dropped),
        FILES_TEST(a_cancelled_lane_writes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
