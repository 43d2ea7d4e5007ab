/*
 * GetClock, AdvanceClock, ResetClock: one clock per account and region, and what becomes
 * due when it is advanced.
 */
#include "support/emulator.h"

#include "base/clock.h"
#include "engine/timekeeping.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

static const struct scope home = {.account = "000000000000", .region = REGION};
static const struct scope other_account = {.account = "123456789012", .region = REGION};
static const struct scope other_region = {.account = "000000000000",
                                          .region = "eu-west-1"};

static struct reply advance(struct emulator *emu, int64_t seconds)
{
    return emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":%lld}",
                         (long long)seconds);
}

static void assert_clock(struct reply reply, const char *now, int64_t offset)
{
    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "now"), now);
    assert_int_equal(reply_int(reply, "offsetSeconds"), offset);
}

static void a_clock_that_was_not_moved_shows_the_machines_time(void **state)
{
    assert_clock(emulator_call(*state, REGION, "GetClock", "{}"), "2021-04-07T00:00:00Z",
                 0);
}

static void advancing_adds_up_and_resetting_goes_back(void **state)
{
    struct emulator *emu = *state;

    assert_clock(advance(emu, 3600), "2021-04-07T01:00:00Z", 3600);
    assert_clock(advance(emu, 90), "2021-04-07T01:01:30Z", 3690);
    assert_clock(emulator_call(emu, REGION, "GetClock", "{}"), "2021-04-07T01:01:30Z",
                 3690);
    assert_clock(emulator_call(emu, REGION, "ResetClock", "{}"), "2021-04-07T00:00:00Z",
                 0);
    assert_clock(emulator_call(emu, REGION, "GetClock", "{}"), "2021-04-07T00:00:00Z", 0);
}

static void a_clock_belongs_to_an_account_and_a_region(void **state)
{
    struct emulator *emu = *state;

    advance(emu, 3600);

    assert_clock(emulator_call_as(emu, other_account, "GetClock", "{}"),
                 "2021-04-07T00:00:00Z", 0);
    assert_clock(emulator_call_as(emu, other_region, "GetClock", "{}"),
                 "2021-04-07T00:00:00Z", 0);
    assert_clock(emulator_call_as(emu, other_account, "AdvanceClock", "{\"seconds\":60}"),
                 "2021-04-07T00:01:00Z", 60);
    assert_clock(emulator_call(emu, REGION, "GetClock", "{}"), "2021-04-07T01:00:00Z",
                 3600);
}

static void the_machines_time_advances_every_clock(void **state)
{
    struct emulator *emu = *state;
    advance(emu, 3600);

    emulator_advance(emu, 5000);

    assert_clock(emulator_call(emu, REGION, "GetClock", "{}"), "2021-04-07T01:00:05Z",
                 3600);
    assert_clock(emulator_call_as(emu, other_account, "GetClock", "{}"),
                 "2021-04-07T00:00:05Z", 0);
}

static void states_settle_when_the_clock_moves(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recording_configuration(emu, REGION, "demo-bucket");
    struct reply before =
        emulator_call(emu, REGION, "GetRecordingConfiguration", "{\"arn\":\"%s\"}", arn);

    advance(emu, 1);

    struct reply after =
        emulator_call(emu, REGION, "GetRecordingConfiguration", "{\"arn\":\"%s\"}", arn);
    assert_string_equal(reply_string(before, "recordingConfiguration.state"), "CREATING");
    assert_string_equal(reply_string(after, "recordingConfiguration.state"), "ACTIVE");
}

static void a_stream_ends_at_its_48th_hour_before_advance_returns(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *stream = go_live(emu, arn);

    advance(emu, 48 * 3600 - 1);
    assert_success(
        emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn), 200);
    advance(emu, 3600);

    assert_error(emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn),
                 404, "ChannelNotBroadcasting");
    struct reply session =
        emulator_call(emu, REGION, "GetStreamSession",
                      "{\"channelArn\":\"%s\",\"streamId\":\"%s\"}", arn, stream);
    assert_string_equal(reply_string(session, "streamSession.endTime"),
                        "2021-04-09T00:00:00Z");
    struct reply told = last_event(emu, "\"detailType\":\"IVS Stream State Change\"");
    assert_string_equal(reply_string(told, "event.time"), "2021-04-09T00:00:00Z");
}

static void a_recording_ends_at_the_end_of_its_window(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "demo-bucket", 300);
    go_live(emu, arn);
    go_offline(emu, arn);
    const char *window = "\"detailType\":\"IVS Recording State Change\"";
    const char *at_first = events_told(emu, window);

    advance(emu, 299);
    assert_string_equal(events_told(emu, window), at_first);
    advance(emu, 1000);

    struct reply told = last_event(emu, window);
    assert_string_equal(reply_string(told, "event.detail.recording_status"),
                        "Recording End");
    assert_string_equal(reply_string(told, "event.time"), "2021-04-07T00:05:00Z");
}

static void nothing_of_other_callers_becomes_due(void **state)
{
    struct emulator *emu = *state;
    const char *ours = create_channel(emu, REGION, "ours");
    struct reply made = emulator_call_as(emu, other_account, "CreateChannel", "{}");
    const char *theirs = reply_string(made, "channel.arn");
    go_live(emu, ours);
    /* The caller does not matter: the ARN identifies the account. */
    assert_success(start_stream(emu, theirs, ""), 200);

    advance(emu, 50 * 3600);

    assert_error(emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", ours),
                 404, "ChannelNotBroadcasting");
    assert_success(emulator_call_as(emu, other_account, "GetStream",
                                    "{\"channelArn\":\"%s\"}", theirs),
                   200);
}

static void a_stream_of_another_account_starts_at_that_accounts_time(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call_as(emu, other_account, "CreateChannel", "{}");

    advance(emu, 3600);
    struct reply started = start_stream(emu, reply_string(made, "channel.arn"), "");

    assert_string_equal(reply_string(started, "stream.startTime"),
                        "2021-04-07T00:00:00Z");
}

static void due_work_runs_in_the_order_of_the_machines_time(void **state)
{
    struct emulator *emu = *state;
    const char *ours = create_channel(emu, REGION, "ours");
    struct reply made = emulator_call_as(emu, other_account, "CreateChannel", "{}");
    const char *theirs = reply_string(made, "channel.arn");
    assert_success(start_stream(emu, theirs, ""), 200);
    emulator_advance(emu, 1000);
    go_live(emu, ours);
    advance(emu, 3600);

    /* Ours started later and is due earlier, because its clock is an hour ahead. */
    int64_t next_ms = emulator_advance(emu, 0);
    assert_int_equal(next_ms, EMULATOR_START_MS + 1000 + INT64_C(47) * 3600000);
    emulator_advance(emu, INT64_C(47) * 3600000);

    assert_error(emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", ours),
                 404, "ChannelNotBroadcasting");
    assert_success(emulator_call_as(emu, other_account, "GetStream",
                                    "{\"channelArn\":\"%s\"}", theirs),
                   200);
}

static void sessions_are_deleted_after_60_days(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    go_offline(emu, arn);
    const char *body = emulator_printf(emu, "{\"channelArn\":\"%s\"}", arn);

    advance(emu, 59 * 86400);
    assert_int_equal(
        reply_count(emulator_call(emu, REGION, "ListStreamSessions", "%s", body),
                    "streamSessions"),
        1);
    advance(emu, 2 * 86400);

    assert_int_equal(
        reply_count(emulator_call(emu, REGION, "ListStreamSessions", "%s", body),
                    "streamSessions"),
        0);
}

static void a_clock_is_at_most_a_hundred_years_ahead(void **state)
{
    struct emulator *emu = *state;
    const int64_t most = TIMEKEEPING_MAX_OFFSET_MS / 1000;

    assert_success(advance(emu, most), 200);
    assert_error_says(
        advance(emu, 1), 400, "ValidationException",
        "AdvanceClock.seconds would move the clock more than 3155760000 seconds ahead");
    assert_int_equal(
        reply_int(emulator_call(emu, REGION, "GetClock", "{}"), "offsetSeconds"), most);
}

static void all_streams_end_however_far_a_clock_is_ahead(void **state)
{
    struct emulator *emu = *state;
    const char *arns[] = {create_channel(emu, REGION, "one"),
                          create_channel(emu, REGION, "two")};
    go_live(emu, arns[0]);
    go_live(emu, arns[1]);

    assert_success(advance(emu, TIMEKEEPING_MAX_OFFSET_MS / 1000), 200);

    for (size_t i = 0; i < COUNT_OF(arns); i++)
        assert_error(
            emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arns[i]),
            404, "ChannelNotBroadcasting");
}

static void reset_resets_the_callers_clock(void **state)
{
    struct emulator *emu = *state;
    advance(emu, 60);
    emulator_call_as(emu, other_account, "AdvanceClock", "{\"seconds\":60}");

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    assert_clock(emulator_call(emu, REGION, "GetClock", "{}"), "2021-04-07T00:00:00Z", 0);
    assert_clock(emulator_call_as(emu, other_account, "GetClock", "{}"),
                 "2021-04-07T00:01:00Z", 60);
    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":true}"), 204);
    assert_clock(emulator_call_as(emu, other_account, "GetClock", "{}"),
                 "2021-04-07T00:00:00Z", 0);
}

static void a_reset_in_a_seed_resets_the_clock(void **state)
{
    struct emulator *emu = *state;
    advance(emu, 60);

    assert_success(emulator_call(emu, REGION, "Seed",
                                 "{\"calls\":[{\"operation\":\"Reset\"},"
                                 "{\"operation\":\"CreateChannel\"}]}"),
                   200);

    assert_clock(emulator_call(emu, REGION, "GetClock", "{}"), "2021-04-07T00:00:00Z", 0);
}

/* As the program does at its start. */
static void start_clocks(struct emulator *emu)
{
    const struct timekeeping t = {
        .store = emu->store, .clock = emu->clock, .ids = emu->ids};

    assert_int_equal(timekeeping_start(&t), 0);
}

static void clock_offsets_are_stored_in_the_database(void **state)
{
    struct emulator *emu = *state;
    advance(emu, 60);
    advance(emu, 60);

    clock_forget(emu->clock, NULL);
    assert_int_equal(clock_offset_ms(emu->clock, home), 0);
    start_clocks(emu);

    assert_int_equal(clock_offset_ms(emu->clock, home), 120000);
    assert_int_equal(clock_offset_ms(emu->clock, other_region), 0);
}

static void a_snapshot_has_the_clocks(void **state)
{
    struct emulator *emu = *state;
    start_clocks(emu);
    advance(emu, 60);
    assert_success(emulator_call(emu, REGION, "SaveSnapshot", "{\"name\":\"a\"}"), 204);
    advance(emu, 60);
    emulator_call_as(emu, other_account, "AdvanceClock", "{\"seconds\":60}");

    assert_success(emulator_call(emu, REGION, "RestoreSnapshot", "{\"name\":\"a\"}"),
                   204);

    assert_clock(emulator_call(emu, REGION, "GetClock", "{}"), "2021-04-07T00:01:00Z",
                 60);
    assert_clock(emulator_call_as(emu, other_account, "GetClock", "{}"),
                 "2021-04-07T00:00:00Z", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_clock_that_was_not_moved_shows_the_machines_time),
        EMULATOR_TEST(advancing_adds_up_and_resetting_goes_back),
        EMULATOR_TEST(a_clock_belongs_to_an_account_and_a_region),
        EMULATOR_TEST(the_machines_time_advances_every_clock),
        EMULATOR_TEST(states_settle_when_the_clock_moves),
        EMULATOR_TEST(a_stream_ends_at_its_48th_hour_before_advance_returns),
        EMULATOR_TEST(a_recording_ends_at_the_end_of_its_window),
        EMULATOR_TEST(nothing_of_other_callers_becomes_due),
        EMULATOR_TEST(a_stream_of_another_account_starts_at_that_accounts_time),
        EMULATOR_TEST(due_work_runs_in_the_order_of_the_machines_time),
        EMULATOR_TEST(sessions_are_deleted_after_60_days),
        EMULATOR_TEST(a_clock_is_at_most_a_hundred_years_ahead),
        EMULATOR_TEST(all_streams_end_however_far_a_clock_is_ahead),
        EMULATOR_TEST(reset_resets_the_callers_clock),
        EMULATOR_TEST(a_reset_in_a_seed_resets_the_clock),
        EMULATOR_TEST(clock_offsets_are_stored_in_the_database),
        EMULATOR_TEST(a_snapshot_has_the_clocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
