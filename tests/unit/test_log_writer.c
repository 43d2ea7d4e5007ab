/*
 * Chat logging: which destination gets which record, and what happens at the end.
 */
#include "chat/log_writer.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "log_entries.h"
#include "support/folder.h"
#include "support/gunzip.h"
#include "support/sink.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define PAYLOAD "{\"Type\":\"MESSAGE\",\"Content\":\"hi \\u00e4\"}"
#define LINE                                                                             \
    "{\"event_timestamp\":\"2022-10-14T17:48:00.653Z\",\"type\":\"MESSAGE\","            \
    "\"version\":\"1.0\",\"payload\":" PAYLOAD "}"
#define KEY_START                                                                        \
    "/AWSLogs/123456789012/IVSChatLogs/1.0/us-west-2/room_abc123DEF456/2022/10/14/17"

enum { PATIENCE_MS = 30000 };

static const struct scope scope = {"123456789012", "us-west-2"};
static const struct log_destination bucket = {"s3", "bucket"},
                                    group = {"cloudWatchLogs", "group"},
                                    stream = {"firehose", "stream"};

struct fixture {
    struct arena *arena;
    struct clock *clock;
    struct aws_endpoints endpoints;
    char *folder;
    struct objects *objects;
    struct log_writer *writer;
    struct sink *sinks[3]; /* those that are used */
    size_t sink_count;
};

static int setup(void **state)
{
    struct fixture *fixture = mem_zalloc(sizeof(*fixture));

    fixture->arena = arena_new();
    fixture->clock = clock_new_stopped(LOG_TIME_MS);
    fixture->folder = arena_strdup(fixture->arena, "/tmp/ivs-local-logs-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    log_writer_free(fixture->writer);
    objects_free(fixture->objects);
    for (size_t i = 0; i < fixture->sink_count; i++)
        sink_free(fixture->sinks[i]);
    clock_free(fixture->clock);
    folder_remove(fixture->arena, fixture->folder);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

/* A sink that is the endpoint of a service. */
static struct sink *listen_for(struct fixture *fixture, const char **endpoint)
{
    struct sink *sink = sink_new();

    fixture->sinks[fixture->sink_count++] = sink;
    *endpoint = arena_printf(fixture->arena, "http://127.0.0.1:%d", sink_port(sink));
    return sink;
}

/* Starts the writer; the folder is NULL for --objects off. */
static void start(struct fixture *fixture, const char *folder)
{
    fixture->objects = objects_new(folder, &fixture->endpoints);
    fixture->writer =
        log_writer_new(&fixture->endpoints, fixture->objects, fixture->clock);
}

static void end(struct fixture *fixture)
{
    log_writer_free(fixture->writer);
    fixture->writer = NULL;
}

static void add(struct fixture *fixture, const struct log_destination *destinations,
                size_t count)
{
    const struct log_record record = {
        .scope = scope,
        .room_id = "abc123DEF456",
        .time_ms = clock_scope_ms(fixture->clock, scope),
        .type = "MESSAGE",
        .payload = PAYLOAD,
        .destinations = destinations,
        .destination_count = count,
    };

    log_writer_add(fixture->writer, &record);
}

static struct log_writer_counts counts_of(struct fixture *fixture)
{
    struct log_writer_counts counts;

    log_writer_count(fixture->writer, &counts);
    return counts;
}

/* The text of the only file of the room in the folder. */
static const char *text_of_file(struct fixture *fixture)
{
    const char *path =
                   arena_printf(fixture->arena, "%s/bucket" KEY_START, fixture->folder),
               *name = NULL;
    DIR *folder = opendir(path);
    const struct dirent *entry;
    char bytes[4096];

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        assert_null(name);
        name = arena_printf(fixture->arena, "%s/%s", path, entry->d_name);
    }
    closedir(folder);
    assert_non_null(name);
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    return gunzip_text(fixture->arena, bytes, length);
}

static void a_bucket_gets_a_file_in_the_folder(void **state)
{
    struct fixture *fixture = *state;
    start(fixture, fixture->folder);

    add(fixture, &bucket, 1);
    add(fixture, &bucket, 1);
    end(fixture);

    assert_string_equal(text_of_file(fixture), LINE "\n" LINE "\n");
}

static void a_log_group_gets_the_record_as_an_event(void **state)
{
    struct fixture *fixture = *state;
    struct sink *logs = listen_for(fixture, &fixture->endpoints.logs);
    start(fixture, NULL);

    add(fixture, &group, 1);
    sink_expect(logs, 1); /* before the end */

    struct sink_request request = sink_request(logs, 0);
    const char *why;
    cJSON *body AUTO(json_done) = json_read(request.body, request.body_length, &why);
    const cJSON *event =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(body, "logEvents"), 0);
    assert_string_equal(json_string_or(body, "logGroupName", ""), "group");
    assert_string_equal(json_string_or(event, "message", ""), LINE);
}

static void a_delivery_stream_gets_the_record_with_a_line_break(void **state)
{
    struct fixture *fixture = *state;
    struct sink *firehose = listen_for(fixture, &fixture->endpoints.firehose);
    start(fixture, NULL);

    add(fixture, &stream, 1);
    sink_expect(firehose, 1);

    assert_string_equal(sink_header(firehose, 0, "x-amz-target"),
                        "Firehose_20150804.PutRecord");
    assert_non_null(strstr(sink_header(firehose, 0, "authorization"),
                           "/us-west-2/firehose/aws4_request"));
    assert_string_equal(
        sink_request(firehose, 0).body,
        arena_printf(fixture->arena,
                     "{\"DeliveryStreamName\":\"stream\",\"Record\":{\"Data\":\"%s\"}}",
                     base64_encode(fixture->arena, (const unsigned char *)LINE "\n",
                                   strlen(LINE) + 1)));
}

static void a_record_goes_to_all_its_destinations(void **state)
{
    const struct log_destination all[] = {bucket, group, stream};
    struct fixture *fixture = *state;
    struct sink *logs = listen_for(fixture, &fixture->endpoints.logs);
    struct sink *firehose = listen_for(fixture, &fixture->endpoints.firehose);
    start(fixture, fixture->folder);

    add(fixture, all, COUNT_OF(all));
    end(fixture);

    assert_string_equal(text_of_file(fixture), LINE "\n");
    assert_int_equal(sink_count(logs), 1);
    assert_int_equal(sink_count(firehose), 1);
}

static void moving_the_clock_completes_files(void **state)
{
    struct fixture *fixture = *state;
    struct sink *s3 = listen_for(fixture, &fixture->endpoints.s3);
    start(fixture, fixture->folder);
    add(fixture, &bucket, 1);

    clock_advance(fixture->clock, LOG_FILE_MS);
    log_writer_clock_moved(fixture->writer);

    sink_expect(s3, 1);
}

static void a_reset_completes_files(void **state)
{
    struct fixture *fixture = *state;
    struct sink *s3 = listen_for(fixture, &fixture->endpoints.s3);
    start(fixture, NULL);

    add(fixture, &bucket, 1);
    log_writer_close(fixture->writer, &scope);
    sink_expect(s3, 1);
    add(fixture, &bucket, 1);
    log_writer_close(fixture->writer, NULL);
    sink_expect(s3, 2);
}

static void records_without_an_endpoint_are_dropped(void **state)
{
    const struct log_destination all[] = {
        bucket, group, stream, {"other", "name"}
    };
    struct fixture *fixture = *state;
    start(fixture, NULL);

    add(fixture, all, COUNT_OF(all));
    log_writer_close(fixture->writer, NULL);

    assert_int_equal(counts_of(fixture).dropped, COUNT_OF(all));
    assert_int_equal(counts_of(fixture).written, 0);
}

static void a_record_that_is_too_long_is_dropped(void **state)
{
    struct fixture *fixture = *state;
    char *payload = arena_alloc(fixture->arena, LOG_RECORD_MAX_BYTES);
    const struct log_record record = {
        .scope = scope,
        .room_id = "abc123DEF456",
        .time_ms = LOG_TIME_MS,
        .type = "EVENT",
        .payload = payload,
        .destinations = &bucket,
        .destination_count = 1,
    };
    memset(payload, '1', LOG_RECORD_MAX_BYTES - 1);
    start(fixture, fixture->folder);

    log_writer_add(fixture->writer, &record);

    assert_int_equal(counts_of(fixture).dropped, 1);
}

static void a_destination_that_hangs_holds_up_neither_others_nor_the_end(void **state)
{
    const struct log_destination all[] = {bucket, group, stream};
    struct fixture *fixture = *state;
    struct sink *logs = listen_for(fixture, &fixture->endpoints.logs);
    struct sink *firehose = listen_for(fixture, &fixture->endpoints.firehose);
    sink_plan(logs, SINK_HOLD, "");
    start(fixture, fixture->folder);
    add(fixture, &group, 1);
    sink_expect(logs, 1);

    add(fixture, all, COUNT_OF(all));
    sink_expect(firehose, 1);
    int64_t before_ms = monotonic_ms();
    end(fixture);

    assert_true(monotonic_ms() - before_ms < PATIENCE_MS);
    assert_string_equal(text_of_file(fixture), LINE "\n");
}

#define WRITER_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WRITER_TEST(a_bucket_gets_a_file_in_the_folder),
        WRITER_TEST(a_log_group_gets_the_record_as_an_event),
        WRITER_TEST(a_delivery_stream_gets_the_record_with_a_line_break),
        WRITER_TEST(a_record_goes_to_all_its_destinations),
        WRITER_TEST(moving_the_clock_completes_files),
        WRITER_TEST(a_reset_completes_files),
        WRITER_TEST(records_without_an_endpoint_are_dropped),
        WRITER_TEST(a_record_that_is_too_long_is_dropped),
        WRITER_TEST(a_destination_that_hangs_holds_up_neither_others_nor_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
