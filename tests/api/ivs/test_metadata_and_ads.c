/*
 * PutMetadata and InsertAdBreak. That they need a live stream is in test_stream.c.
 */
#include "support/playback.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

enum { METADATA_BYTES = 1024 };

/* One character of each length in UTF-8. */
static const char *const characters[] = {"x", "\xc3\xa9", "\xe2\x82\xac",
                                         "\xf0\x9f\x8e\xac"};

/* PutMetadata with a text repeated `times` times, and a suffix. */
static struct reply put(struct emulator *emu, const char *arn, const char *text,
                        size_t times, const char *rest)
{
    size_t length = strlen(text);
    char *metadata = emulator_printf(emu, "%*s%s", (int)(length * times), "", rest);

    for (size_t i = 0; i < times; i++)
        memcpy(metadata + i * length, text, length);
    return emulator_call(emu, REGION, "PutMetadata",
                         "{\"channelArn\":\"%s\",\"metadata\":\"%s\"}", arn, metadata);
}

static void metadata_of_1024_bytes_is_accepted(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    struct reply one = put(emu, arn, "x", 1, "");

    assert_success(one, 204);
    assert_null(one.body);
    for (size_t i = 0; i < COUNT_OF(characters); i++) {
        size_t times = METADATA_BYTES / strlen(characters[i]);
        const char *rest = METADATA_BYTES % strlen(characters[i]) == 1 ? "x" : "";
        assert_success(put(emu, arn, characters[i], times, rest), 204);
    }
}

static void metadata_of_1025_bytes_is_refused(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    for (size_t i = 0; i < COUNT_OF(characters); i++) {
        size_t times = METADATA_BYTES / strlen(characters[i]);
        const char *rest = METADATA_BYTES % strlen(characters[i]) == 1 ? "xx" : "x";
        struct reply reply = put(emu, arn, characters[i], times, rest);
        assert_error_says(reply, 400, "ValidationException",
                          "Metadata size exceeds payload limit");
    }
}

static void empty_metadata_is_refused(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    struct reply empty = put(emu, arn, "", 0, "");
    struct reply absent =
        emulator_call(emu, REGION, "PutMetadata", "{\"channelArn\":\"%s\"}", arn);

    assert_error(empty, 400, "ValidationException");
    assert_error_says(absent, 400, "ValidationException",
                      "PutMetadata.metadata is a required attribute");
}

static void metadata_writes_no_event(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    assert_success(put(emu, arn, "x", 1, ""), 204);

    assert_string_equal(events_told(emu, ""), "Session Created, Stream Start");
}

/* A live channel with an ad configuration. */
static const char *create_live_with_ads(struct emulator *emu)
{
    struct reply made =
        emulator_call(emu, REGION, "CreateChannel",
                      "{\"name\":\"lobby\",\"adConfigurationArn\":\"%s\"}",
                      create_ad_configuration(emu, REGION, "ads"));
    const char *arn = reply_string(made, "channel.arn");

    go_live(emu, arn);
    return arn;
}

/* InsertAdBreak of 30 seconds with these further members. */
static struct reply insert(struct emulator *emu, const char *arn, const char *members)
{
    return emulator_call(emu, REGION, "InsertAdBreak",
                         "{\"channelArn\":\"%s\",\"durationSeconds\":30%s}", arn,
                         members);
}

static void an_ad_break_begins_at_once_with_a_new_id(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_live_with_ads(emu);
    clock_advance(emu->clock, 61000);

    struct reply reply = insert(emu, arn, "");

    assert_success(reply, 200);
    assert_json(reply, "",
                "{\"adBreakId\":\"%s\",\"targetStartAt\":\"2021-04-07T00:01:01Z\"}",
                reply_string(reply, "adBreakId"));
    const char *id = reply_string(reply, "adBreakId");
    assert_int_equal(strlen(id), 12);
    assert_int_equal(strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                     12);
}

static void an_ad_break_has_the_given_id_and_time(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_live_with_ads(emu);

    struct reply reply = insert(emu, arn,
                                ",\"adBreakId\":\"AbCdEfGh1234\","
                                "\"targetStartAt\":\"2021-04-07T02:00:05+02:00\"");

    assert_success(reply, 200);
    assert_json(reply, "",
                "{\"adBreakId\":\"AbCdEfGh1234\","
                "\"targetStartAt\":\"2021-04-07T00:00:05Z\"}");
}

static void the_event_of_an_ad_break_has_its_id_length_and_time(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_live_with_ads(emu);
    struct reply stream =
        emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn);

    insert(emu, arn,
           ",\"adBreakId\":\"AbCdEfGh1234\",\"targetStartAt\":\"2021-04-07T00:00:05Z\"");

    struct reply told = last_event(emu, "");
    assert_string_equal(reply_string(told, "event.detail-type"),
                        "IVS Ad Break State Change");
    assert_string_equal(reply_string(told, "event.time"), "2021-04-07T00:00:00Z");
    assert_json(told, "event.resources", "[\"%s\"]", arn);
    assert_json(told, "event.detail",
                "{\"event_name\":\"Ad Break Inserted\",\"channel_name\":\"lobby\","
                "\"stream_id\":\"%s\",\"ad_break_id\":\"AbCdEfGh1234\","
                "\"duration_seconds\":30,"
                "\"target_start_time\":\"2021-04-07T00:00:05Z\"}",
                reply_string(stream, "stream.streamId"));
}

static void a_channel_without_an_ad_configuration_has_no_ad_breaks(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    struct reply reply = insert(emu, arn, "");

    assert_error_says(reply, 400, "ValidationException",
                      emulator_printf(emu, "Channel: %s has no ad configuration", arn));
    assert_string_equal(events_told(emu, ""), "Session Created, Stream Start");
}

static void a_second_ad_break_waits_for_the_end_of_the_first(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_live_with_ads(emu);
    const char *message =
        emulator_printf(emu, "Channel: %s has an ad break running", arn);

    struct reply first = insert(emu, arn, "");
    struct reply at_once = insert(emu, arn, "");
    clock_advance(emu->clock, 29999);
    struct reply early = insert(emu, arn, "");
    clock_advance(emu->clock, 1);
    struct reply then = insert(emu, arn, "");

    assert_success(first, 200);
    assert_error_says(at_once, 409, "ConflictException", message);
    assert_error_says(early, 409, "ConflictException", message);
    assert_success(then, 200);
}

static void a_scheduled_ad_break_counts_from_its_own_time(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_live_with_ads(emu);

    insert(emu, arn, ",\"targetStartAt\":\"2021-04-07T00:00:10Z\"");
    struct reply before = insert(emu, arn, "");
    clock_advance(emu->clock, 39999);
    struct reply during = insert(emu, arn, "");
    clock_advance(emu->clock, 1);
    struct reply after = insert(emu, arn, "");

    assert_error(before, 409, "ConflictException");
    assert_error(during, 409, "ConflictException");
    assert_success(after, 200);
}

static void a_new_stream_does_not_inherit_an_ad_break(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_live_with_ads(emu);
    insert(emu, arn, "");

    go_offline(emu, arn);
    go_live(emu, arn);

    assert_success(insert(emu, arn, ""), 200);
}

static void an_ad_break_in_the_past_is_refused(void **state)
{
    static const struct {
        const char *at;
        bool taken;
    } times[] = {
        {"2021-04-07T00:01:00Z",      false},
        {"1970-01-01T00:00:00Z",      false},
        {"2021-04-07T00:01:00.999Z",  false},
        {"2021-04-07T00:01:01+00:01", false},
        {"2021-04-07T00:01:01Z",      true }, /* the second that has not ended yet */
    };
    struct emulator *emu = *state;
    const char *arn = create_live_with_ads(emu);
    clock_advance(emu->clock, 61900);

    for (size_t i = 0; i < COUNT_OF(times); i++) {
        struct reply reply = insert(
            emu, arn, emulator_printf(emu, ",\"targetStartAt\":\"%s\"", times[i].at));
        if (times[i].taken)
            assert_success(reply, 200);
        else
            assert_error_says(reply, 400, "ValidationException",
                              "InsertAdBreak.targetStartAt must not be in the past");
    }
}

static void an_ad_break_lasts_1_to_300_seconds(void **state)
{
    static const struct {
        int seconds;
        bool taken;
    } lengths[] = {
        {0,   false},
        {301, false},
        {300, true }
    };
    struct emulator *emu = *state;
    const char *arn = create_live_with_ads(emu);

    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct reply reply = emulator_call(
            emu, REGION, "InsertAdBreak",
            "{\"channelArn\":\"%s\",\"durationSeconds\":%d}", arn, lengths[i].seconds);
        if (lengths[i].taken)
            assert_success(reply, 200);
        else
            assert_error(reply, 400, "ValidationException");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(metadata_of_1024_bytes_is_accepted),
        EMULATOR_TEST(metadata_of_1025_bytes_is_refused),
        EMULATOR_TEST(empty_metadata_is_refused),
        EMULATOR_TEST(metadata_writes_no_event),
        EMULATOR_TEST(an_ad_break_begins_at_once_with_a_new_id),
        EMULATOR_TEST(an_ad_break_has_the_given_id_and_time),
        EMULATOR_TEST(the_event_of_an_ad_break_has_its_id_length_and_time),
        EMULATOR_TEST(a_channel_without_an_ad_configuration_has_no_ad_breaks),
        EMULATOR_TEST(a_second_ad_break_waits_for_the_end_of_the_first),
        EMULATOR_TEST(a_scheduled_ad_break_counts_from_its_own_time),
        EMULATOR_TEST(a_new_stream_does_not_inherit_an_ad_break),
        EMULATOR_TEST(an_ad_break_in_the_past_is_refused),
        EMULATOR_TEST(an_ad_break_lasts_1_to_300_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
