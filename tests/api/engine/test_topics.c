/*
 * Which topics the commits of calls have.
 */
#include "data/topics.h"

#include "store/store.h"
#include "support/emulator.h"

#include "support/cmocka_all.h"

#define REGION "us-east-1"

static void note(void *context, uint32_t topics)
{
    uint32_t *noted = context;

    *noted |= topics;
}

static void listen_to_all(struct emulator *emu, uint32_t *noted)
{
    store_add_listener(emu->store, STORE_ALL_TOPICS, note, noted);
}

static void reading_or_changing_a_resource_has_no_topics(void **state)
{
    struct emulator *emu = *state;
    uint32_t noted = 0;
    listen_to_all(emu, &noted);

    const char *arn = create_channel(emu, REGION, "lobby");
    assert_success(emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", arn),
                   200);
    assert_success(emulator_call(emu, REGION, "ListEvents", "{}"), 200);
    assert_success(emulator_call(emu, REGION, "GetClock", "{}"), 200);
    assert_success(emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", arn),
                   204);

    assert_int_equal(noted, 0);
}

static void a_started_stream_has_the_topics_events_and_due(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    uint32_t noted = 0;
    listen_to_all(emu, &noted);

    go_live(emu, arn);

    assert_int_equal(noted, TOPIC_EVENTS | TOPIC_DUE);
}

static void an_ended_stream_has_only_the_topic_events(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    uint32_t noted = 0;
    go_live(emu, arn);
    listen_to_all(emu, &noted);

    go_offline(emu, arn);

    assert_int_equal(noted, TOPIC_EVENTS);
}

static void a_waiting_recording_has_the_topic_due(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "demo-recordings", 300);
    uint32_t noted = 0;
    go_live(emu, arn);
    listen_to_all(emu, &noted);

    go_offline(emu, arn);

    assert_int_equal(noted, TOPIC_EVENTS | TOPIC_DUE);
}

static void a_failed_call_has_no_topics(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    uint32_t noted = 0;
    go_live(emu, arn);
    listen_to_all(emu, &noted);

    assert_error(start_stream(emu, arn, ""), 409, "ConflictException");

    assert_int_equal(noted, 0);
}

static void moving_a_clock_has_the_topics_due_and_clock(void **state)
{
    struct emulator *emu = *state;
    uint32_t noted = 0;
    listen_to_all(emu, &noted);

    assert_success(emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":60}"), 200);
    assert_int_equal(noted, TOPIC_DUE | TOPIC_CLOCK);
    noted = 0;
    assert_success(emulator_call(emu, REGION, "ResetClock", "{}"), 200);

    assert_int_equal(noted, TOPIC_CLOCK);
}

static void a_restored_snapshot_has_every_topic(void **state)
{
    struct emulator *emu = *state;
    uint32_t noted = 0;
    assert_success(emulator_call(emu, REGION, "SaveSnapshot", "{\"name\":\"a\"}"), 204);
    listen_to_all(emu, &noted);

    assert_error(emulator_call(emu, REGION, "RestoreSnapshot", "{\"name\":\"b\"}"), 404,
                 "ResourceNotFoundException");
    assert_int_equal(noted, 0);
    assert_success(emulator_call(emu, REGION, "RestoreSnapshot", "{\"name\":\"a\"}"),
                   204);

    assert_int_equal(noted, STORE_ALL_TOPICS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(reading_or_changing_a_resource_has_no_topics),
        EMULATOR_TEST(a_started_stream_has_the_topics_events_and_due),
        EMULATOR_TEST(an_ended_stream_has_only_the_topic_events),
        EMULATOR_TEST(a_waiting_recording_has_the_topic_due),
        EMULATOR_TEST(a_failed_call_has_no_topics),
        EMULATOR_TEST(moving_a_clock_has_the_topics_due_and_clock),
        EMULATOR_TEST(a_restored_snapshot_has_every_topic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
