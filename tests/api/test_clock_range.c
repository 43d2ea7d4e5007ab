/*
 * A machine whose clock is far off: stored times, timestamps and due work are correct at
 * both ends of the range of the API's times.
 */
#include "support/emulator.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/timestamp.h"
#include "engine/due.h"

#include <string.h>

#include "support/cmocka_all.h"

#define SECOND_MS INT64_C(1000)
#define DAY_MS (24 * 3600 * SECOND_MS)

/* The end of the year 9999. */
#define LAST_MS INT64_C(253402300799999)

static const int64_t times_ms[] = {
    -1000 * DAY_MS,
    -1,
    0,
    1,
    INT32_MAX *SECOND_MS, /* the end of 32-bit seconds, in 2038 */
    (INT32_MAX + INT64_C(1)) * SECOND_MS,
    UINT32_MAX *SECOND_MS + SECOND_MS,
    LAST_MS - 60 * DAY_MS,
    LAST_MS - 1,
    LAST_MS,
    LAST_MS + 1,
    LAST_MS + 1000 * DAY_MS,
};

/* Whether a member of a response is a time, according to its name. */
static bool is_time(const char *name)
{
    size_t length = strlen(name);

    return strcmp(name, "time") == 0 || strcmp(name, "now") == 0 ||
           (length > 4 && strcmp(name + length - 4, "Time") == 0) ||
           (length > 2 && strcmp(name + length - 2, "At") == 0);
}

/* The test fails unless clients can read every time in the response. */
static int check_times(const cJSON *tree)
{
    const cJSON *item;
    int count = 0;

    cJSON_ArrayForEach(item, tree) {
        int64_t ms;
        if (cJSON_IsString(item) && item->string != NULL && is_time(item->string)) {
            if (timestamp_parse(item->valuestring, &ms) != 0)
                fail_msg("%s is %s", item->string, item->valuestring);
            count++;
        }
        count += check_times(item);
    }
    return count;
}

static struct reply call(struct emulator *emu, const char *operation, const char *input)
{
    struct reply reply = emulator_call(emu, "us-east-1", operation, "%s", input);

    if (reply.error != NULL)
        fail_msg("%s: %d %s: %s", operation, reply.status, reply.error, reply.message);
    (void)check_times(reply.body);
    return reply;
}

/* Sets the clock, which is at the initial time of these tests, to that time. */
static void set_clock(struct emulator *emu, int64_t time_ms)
{
    clock_advance(emu->clock, time_ms - EMULATOR_START_MS);
}

/* Everything that involves time: transitions, streams and their sessions, recordings. */
static void use_every_feature(struct emulator *emu)
{
    const char *arn = create_recorded_channel(emu, "bucket", 60);
    const char *input = emulator_printf(emu, "{\"channelArn\":\"%s\"}", arn);

    call(emu, "CreateFailoverSlateConfiguration", "{}");
    call(emu, "ListFailoverSlateConfigurations", "{}");
    for (int i = 0; i < 3; i++) {
        (void)go_live(emu, arn);
        assert_true(check_times(call(emu, "GetStream", input).body) > 0);
        (void)emulator_advance(emu, SECOND_MS);
        go_offline(emu, arn);
        (void)emulator_advance(emu, SECOND_MS);
    }
    assert_int_equal(
        reply_count(call(emu, "ListStreamSessions", input), "streamSessions"), 3);
    assert_true(check_times(call(emu, "GetStreamSession", input).body) > 0);
    (void)emulator_advance(emu, 120 * SECOND_MS);
    assert_true(check_times(call(emu, "ListEvents", "{}").body) >= 12);
    call(emu, "SaveSnapshot", "{\"name\":\"far-off\"}");
    assert_true(check_times(call(emu, "ListSnapshots", "{}").body) > 0);
    call(emu, "RestoreSnapshot", "{\"name\":\"far-off\"}");
    assert_true(check_times(call(emu, "ListRequests", "{}").body) > 0);
    assert_true(check_times(call(emu, "GetClock", "{}").body) > 0);
}

static void all_features_work_at_any_time(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT_OF(times_ms); i++) {
        struct emulator *emu = emulator_open(":memory:");
        print_message("at %lld ms\n", (long long)times_ms[i]);
        set_clock(emu, times_ms[i]);
        use_every_feature(emu);
        emulator_close(emu);
    }
}

/* The machine's clock is set back while streams are live; they can still be ended. */
static void streams_can_be_ended_after_the_clock_is_set_back(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "bucket", 60);

    (void)go_live(emu, arn);
    clock_advance(emu->clock, -1000 * DAY_MS);
    (void)engine_run_due(emu->store, emu->ids, clock_now_ms(emu->clock));
    go_offline(emu, arn);
    use_every_feature(emu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_features_work_at_any_time),
        EMULATOR_TEST(streams_can_be_ended_after_the_clock_is_set_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
