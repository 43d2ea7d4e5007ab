/*
 * Chat logs in CloudWatch Logs: the requests, and what the responses mean.
 */
#include "../../src/chat/log_batches_internal.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "chat/log_writer.h"
#include "log_entries.h"
#include "support/sink.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define STREAM                                                                           \
    "{\"logGroupName\":\"group\",\"logStreamName\":\"aws/IVSChatLogs/1.0/room_room1\""
#define NOT_FOUND "{\"__type\":\"ResourceNotFoundException\"}"
#define EXISTS "{\"__type\":\"ResourceAlreadyExistsException\"}"

struct fixture {
    struct arena *arena;
    struct sink *sink;
    struct log_tally tally;
    struct log_batches *batches;
};

static int setup(void **state)
{
    struct fixture *fixture = mem_zalloc(sizeof(*fixture));

    fixture->arena = arena_new();
    fixture->sink = sink_new();
    fixture->batches = log_batches_new(
        arena_printf(fixture->arena, "http://127.0.0.1:%d", sink_port(fixture->sink)),
        &fixture->tally);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    log_batches_free(fixture->batches);
    sink_free(fixture->sink);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static void take(struct fixture *fixture, struct log_entry *entry)
{
    log_batches_work.take(fixture->batches, entry);
}

static void take_line(struct fixture *fixture, int64_t time_ms, const char *line)
{
    take(fixture, log_entry_of("room1", "group", time_ms, line));
}

static void send_everything(struct fixture *fixture)
{
    assert_int_equal(log_batches_work.write(fixture->batches, true), -1);
}

static void assert_request(struct fixture *fixture, size_t index, const char *target,
                           const char *body)
{
    assert_string_equal(sink_request(fixture->sink, index).line, "POST / HTTP/1.1");
    assert_string_equal(sink_header(fixture->sink, index, "x-amz-target"), target);
    assert_string_equal(sink_request(fixture->sink, index).body, body);
}

static void records_of_a_room_are_events_of_a_log_stream(void **state)
{
    struct fixture *fixture = *state;

    take_line(fixture, LOG_TIME_MS, "{\"a\":1}");
    take_line(fixture, LOG_TIME_MS + 1, "b");
    send_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 1);
    assert_request(fixture, 0, "Logs_20140328.PutLogEvents",
                   STREAM ",\"logEvents\":[{\"timestamp\":1665769680653,\"message\":"
                          "\"{\\\"a\\\":1}\"},{\"timestamp\":1665769680654,"
                          "\"message\":\"b\"}]}");
    assert_non_null(strstr(sink_header(fixture->sink, 0, "authorization"),
                           "Credential=123456789012/"));
    assert_non_null(strstr(sink_header(fixture->sink, 0, "authorization"),
                           "/us-west-2/logs/aws4_request"));
    assert_tally(&fixture->tally, 2, 0, 0);
}

static void each_room_and_group_has_its_own_batch(void **state)
{
    struct fixture *fixture = *state;

    take(fixture, log_entry_of("room1", "group1", LOG_TIME_MS, "1"));
    take(fixture, log_entry_of("room2", "group1", LOG_TIME_MS, "2"));
    take(fixture, log_entry_of("room1", "group2", LOG_TIME_MS, "3"));
    take(fixture, log_entry_abroad("room1", "group1", LOG_TIME_MS, "4"));
    take(fixture, log_entry_of("room1", "group1", LOG_TIME_MS, "5"));
    send_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 4);
    assert_tally(&fixture->tally, 5, 0, 0);
}

static void a_batch_is_due_after_a_second(void **state)
{
    struct fixture *fixture = *state;
    take_line(fixture, LOG_TIME_MS, "1");

    int64_t wait_ms = log_batches_work.write(fixture->batches, false);

    assert_true(wait_ms <= LOG_BATCH_MS);
    assert_true(sink_count(fixture->sink) == 0 ? wait_ms > 0 : wait_ms == -1);
}

static void a_missing_log_stream_is_created(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, 400, NOT_FOUND);
    sink_plan(fixture->sink, 200, "");
    sink_plan(fixture->sink, 200, "{}");

    take_line(fixture, LOG_TIME_MS, "1");
    send_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 3);
    assert_request(fixture, 1, "Logs_20140328.CreateLogStream", STREAM "}");
    assert_string_equal(sink_request(fixture->sink, 2).body,
                        sink_request(fixture->sink, 0).body);
    assert_tally(&fixture->tally, 1, 0, 0);
}

static void a_log_stream_that_exists_meanwhile_is_used(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, 400, NOT_FOUND);
    sink_plan(fixture->sink, 400, EXISTS);

    take_line(fixture, LOG_TIME_MS, "1");
    send_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 3);
    assert_tally(&fixture->tally, 1, 0, 0);
}

static void events_of_a_missing_group_are_dropped(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, 400, NOT_FOUND);
    sink_plan(fixture->sink, 400, NOT_FOUND);

    take_line(fixture, LOG_TIME_MS, "1");
    send_everything(fixture);
    send_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 2);
    assert_tally(&fixture->tally, 0, 0, 1);
}

static void a_throttled_batch_is_sent_again(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, 400, "{\"__type\":\"ThrottlingException\"}");

    take_line(fixture, LOG_TIME_MS, "1");
    send_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 2);
    assert_tally(&fixture->tally, 1, 0, 0);
}

static void rejected_events_are_counted(void **state)
{
    static const struct {
        const char *info;
        long long rejected;
    } answers[] = {
        {"{\"tooNewLogEventStartIndex\":1}",                              2},
        {"{\"tooOldLogEventEndIndex\":1}",                                1},
        {"{\"tooOldLogEventEndIndex\":1,\"expiredLogEventEndIndex\":2}",  2},
        {"{\"tooOldLogEventEndIndex\":1,\"tooNewLogEventStartIndex\":2}", 2},
        {"{\"tooOldLogEventEndIndex\":9}",                                3},
        {"{\"tooOldLogEventEndIndex\":-1}",                               0},
        {"{\"tooOldLogEventEndIndex\":\"1\"}",                            0},
        {"null",                                                          0},
    };
    struct fixture *fixture = *state;
    long long written = 0, failed = 0;

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        sink_plan(fixture->sink, 200,
                  arena_printf(fixture->arena, "{\"rejectedLogEventsInfo\":%s}",
                               answers[i].info));
        for (int j = 0; j < 3; j++)
            take_line(fixture, LOG_TIME_MS, "1");
        send_everything(fixture);

        failed += answers[i].rejected;
        written += 3 - answers[i].rejected;
        assert_tally(&fixture->tally, written, 0, failed);
    }
}

/* The timestamp of the first event of a request. */
static double timestamp_in(struct fixture *fixture, size_t index)
{
    struct sink_request request = sink_request(fixture->sink, index);
    const char *why;
    cJSON *body AUTO(json_done) = json_read(request.body, request.body_length, &why);
    const cJSON *events = cJSON_GetObjectItemCaseSensitive(body, "logEvents");

    return cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(events, 0), "timestamp")
        ->valuedouble;
}

static void events_of_a_clock_far_ahead_are_accepted(void **state)
{
    struct fixture *fixture = *state;
    int64_t before_ms = machine_now_ms(),
            near_ms = before_ms + LOG_BATCH_MAX_AHEAD_MS / 2,
            far_ms = before_ms + 2 * LOG_BATCH_MAX_AHEAD_MS;

    take_line(fixture, near_ms, "1");
    send_everything(fixture);
    take_line(fixture, far_ms, "2");
    send_everything(fixture);

    assert_true(timestamp_in(fixture, 0) == (double)near_ms);
    assert_true(timestamp_in(fixture, 1) >= (double)near_ms);
    assert_true(timestamp_in(fixture, 1) <
                (double)(machine_now_ms() + LOG_BATCH_MAX_AHEAD_MS));
}

static void events_are_in_the_order_of_their_times(void **state)
{
    struct fixture *fixture = *state;

    take_line(fixture, LOG_TIME_MS, "1");
    take_line(fixture, LOG_TIME_MS - 1, "2");
    take_line(fixture, LOG_TIME_MS - 1, "3");
    take_line(fixture, LOG_TIME_MS + LOG_BATCH_MAX_SPAN_MS - 1, "4");
    take_line(fixture, LOG_TIME_MS + LOG_BATCH_MAX_SPAN_MS, "5");
    send_everything(fixture);

    assert_int_equal(sink_count(fixture->sink), 3);
    assert_null(strstr(sink_request(fixture->sink, 0).body, "\"2\""));
    assert_non_null(strstr(sink_request(fixture->sink, 1).body, "\"4\""));
    assert_non_null(strstr(sink_request(fixture->sink, 2).body, "\"5\""));
}

static void a_batch_has_at_most_a_megabyte(void **state)
{
    enum {
        EVENTS = 8,
        LINE_BYTES = LOG_BATCH_MAX_BYTES / EVENTS - LOG_BATCH_EVENT_BYTES
    };
    struct fixture *fixture = *state;
    char *line = arena_alloc(fixture->arena, LINE_BYTES + 1);
    memset(line, 'x', LINE_BYTES);

    for (int i = 0; i < EVENTS; i++)
        take_line(fixture, LOG_TIME_MS, line);
    assert_int_equal(sink_count(fixture->sink), 0);
    take_line(fixture, LOG_TIME_MS, "y");

    assert_int_equal(sink_count(fixture->sink), 1);
    assert_tally(&fixture->tally, EVENTS, 0, 0);
}

static void a_batch_has_at_most_10000_events(void **state)
{
    struct fixture *fixture = *state;

    for (int i = 0; i < LOG_BATCH_MAX_EVENTS; i++)
        take_line(fixture, LOG_TIME_MS, "");
    assert_int_equal(sink_count(fixture->sink), 0);
    take_line(fixture, LOG_TIME_MS, "");

    assert_tally(&fixture->tally, LOG_BATCH_MAX_EVENTS, 0, 0);
}

static void beyond_their_memory_the_oldest_batch_is_sent(void **state)
{
    struct fixture *fixture = *state;

    for (int i = 0; i <= LOG_BATCHES_MAX; i++)
        take(fixture, log_entry_of(arena_printf(fixture->arena, "r%d", i), "group",
                                   LOG_TIME_MS, "x"));

    assert_true(sink_count(fixture->sink) >= 1);
    assert_non_null(strstr(sink_request(fixture->sink, 0).body, "room_r0\""));
    log_batches_work.cancel(fixture->batches);
}

static void a_request_to_close_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    take_line(fixture, LOG_TIME_MS, "1");

    take(fixture, log_entry_closing(true));
    send_everything(fixture);

    assert_tally(&fixture->tally, 1, 0, 0);
}

#define BATCHES_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BATCHES_TEST(records_of_a_room_are_events_of_a_log_stream),
        BATCHES_TEST(each_room_and_group_has_its_own_batch),
        BATCHES_TEST(a_batch_is_due_after_a_second),
        BATCHES_TEST(a_missing_log_stream_is_created),
        BATCHES_TEST(a_log_stream_that_exists_meanwhile_is_used),
        BATCHES_TEST(events_of_a_missing_group_are_dropped),
        BATCHES_TEST(a_throttled_batch_is_sent_again),
        BATCHES_TEST(rejected_events_are_counted),
        BATCHES_TEST(events_of_a_clock_far_ahead_are_accepted),
        BATCHES_TEST(events_are_in_the_order_of_their_times),
        BATCHES_TEST(a_batch_has_at_most_a_megabyte),
        BATCHES_TEST(a_batch_has_at_most_10000_events),
        BATCHES_TEST(beyond_their_memory_the_oldest_batch_is_sent),
        BATCHES_TEST(a_request_to_close_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
