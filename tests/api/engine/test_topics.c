/*
 * Which calls tell whom: the topics of what they commit.
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

static void what_only_reads_or_changes_a_resource_wakes_nobody(void **state)
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

static void a_stream_that_starts_has_events_and_an_end(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    uint32_t noted = 0;
    listen_to_all(emu, &noted);

    go_live(emu, arn);

    assert_int_equal(noted, TOPIC_EVENTS | TOPIC_DUE);
}

static void a_stream_that_ends_has_events_alone(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    uint32_t noted = 0;
    go_live(emu, arn);
    listen_to_all(emu, &noted);

    go_offline(emu, arn);

    assert_int_equal(noted, TOPIC_EVENTS);
}

static void a_recording_that_waits_for_its_end_is_due(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "demo-recordings", 300);
    uint32_t noted = 0;
    go_live(emu, arn);
    listen_to_all(emu, &noted);

    go_offline(emu, arn);

    assert_int_equal(noted, TOPIC_EVENTS | TOPIC_DUE);
}

static void a_call_that_fails_wakes_nobody(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    uint32_t noted = 0;
    go_live(emu, arn);
    listen_to_all(emu, &noted);

    assert_error(start_stream(emu, arn, ""), 409, "ConflictException");

    assert_int_equal(noted, 0);
}

static void a_clock_that_is_moved_ahead_makes_things_due(void **state)
{
    struct emulator *emu = *state;
    uint32_t noted = 0;
    listen_to_all(emu, &noted);

    assert_success(emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":60}"), 200);
    assert_int_equal(noted, TOPIC_DUE);
    noted = 0;
    assert_success(emulator_call(emu, REGION, "ResetClock", "{}"), 200);

    assert_int_equal(noted, 0);
}

static void a_restored_snapshot_concerns_everybody(void **state)
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
        EMULATOR_TEST(what_only_reads_or_changes_a_resource_wakes_nobody),
        EMULATOR_TEST(a_stream_that_starts_has_events_and_an_end),
        EMULATOR_TEST(a_stream_that_ends_has_events_alone),
        EMULATOR_TEST(a_recording_that_waits_for_its_end_is_due),
        EMULATOR_TEST(a_call_that_fails_wakes_nobody),
        EMULATOR_TEST(a_clock_that_is_moved_ahead_makes_things_due),
        EMULATOR_TEST(a_restored_snapshot_concerns_everybody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
