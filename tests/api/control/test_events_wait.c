/*
 * WaitForEvents, as far as it does not wait: what counts, what is missing, what is
 * refused. Waiting is tested in wire/test_events_wait.c.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define UNKNOWN_ID "00000000-0000-4000-8000-000000000000"

static const struct scope other_region = {.account = "000000000000",
                                          .region = "eu-west-1"};

/* WaitForEvents that does not wait. */
static struct reply look(struct emulator *emu, const char *events)
{
    return emulator_call(emu, REGION, "WaitForEvents",
                         "{\"events\":[%s],\"timeoutSeconds\":0}", events);
}

static struct reply look_after(struct emulator *emu, const char *id, const char *events)
{
    return emulator_call(emu, REGION, "WaitForEvents",
                         "{\"events\":[%s],\"timeoutSeconds\":0,\"afterEventId\":\"%s\"}",
                         events, id);
}

/* The id of the newest event. */
static const char *last_id(struct emulator *emu)
{
    return reply_string(last_event(emu, ""), "event.id");
}

static void events_that_are_there_are_returned_at_once(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    const char *id = last_id(emu);

    struct reply reply = look(emu, "{\"detailType\":\"IVS Stream State Change\","
                                   "\"eventName\":\"Stream Start\"}");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "events"), 1);
    assert_string_equal(reply_string(reply, "events.0.id"), id);
    assert_string_equal(reply_string(reply, "events.0.detail-type"),
                        "IVS Stream State Change");
    assert_string_equal(reply_string(reply, "events.0.resources.0"), arn);
    assert_string_equal(reply_string(reply, "events.0.detail.event_name"),
                        "Stream Start");
}

static void events_are_in_the_order_of_the_expectations(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    for (int i = 0; i < 3; i++) {
        go_live(emu, arn);
        go_offline(emu, arn);
    }

    struct reply reply = look(emu, "{\"eventName\":\"Stream End\",\"count\":2},"
                                   "{\"eventName\":\"Stream Start\"},"
                                   "{\"detailType\":\"IVS Stream State Change\"}");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "events"), 4);
    assert_string_equal(reply_string(reply, "events.0.detail.event_name"), "Stream End");
    assert_string_equal(reply_string(reply, "events.1.detail.event_name"), "Stream End");
    assert_string_not_equal(reply_string(reply, "events.0.id"),
                            reply_string(reply, "events.1.id"));
    assert_string_equal(reply_string(reply, "events.2.detail.event_name"),
                        "Stream Start");
    assert_string_equal(reply_string(reply, "events.3.detail.event_name"),
                        "Session Created");
}

static void an_event_is_named_by_the_member_of_its_type(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "recordings", 0);
    go_live(emu, arn);

    struct reply reply = look(emu, "{\"eventName\":\"Recording Start\"}");

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "events.0.detail.recording_status"),
                        "Recording Start");
}

static void an_event_after_many_others_is_found(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    for (int i = 0; i < 60; i++) { /* 240 events */
        go_live(emu, arn);
        go_offline(emu, arn);
    }
    (void)start_stream(emu, arn, "\"health\":\"STARVING\"");

    struct reply all = look(emu, "{\"eventName\":\"Stream End\",\"count\":60},"
                                 "{\"eventName\":\"Starvation Start\"}");
    struct reply more = look(emu, "{\"eventName\":\"Stream End\",\"count\":61}");

    assert_success(all, 200);
    assert_int_equal(reply_count(all, "events"), 61);
    assert_error(more, 408, "EventsMissingException");
    assert_int_equal(reply_int(more, "missing.0.received"), 60);
}

static void an_arn_restricts_the_resource_and_names_the_scope(void **state)
{
    struct emulator *emu = *state;
    const char *lobby = create_channel(emu, "eu-west-1", "lobby");
    const char *hall = create_channel(emu, "eu-west-1", "hall");
    assert_success(start_stream(emu, hall, ""), 200);

    struct reply found = look(
        emu, emulator_printf(
                 emu, "{\"eventName\":\"Stream Start\",\"resourceArn\":\"%s\"}", hall));
    struct reply none =
        look(emu, emulator_printf(emu, "{\"resourceArn\":\"%s\"}", lobby));
    struct reply elsewhere = look(emu, "{\"eventName\":\"Stream Start\"}");

    assert_success(found, 200);
    assert_string_equal(reply_string(found, "events.0.region"), "eu-west-1");
    assert_error(none, 408, "EventsMissingException");
    assert_error(elsewhere, 408, "EventsMissingException");
    assert_success(emulator_call_as(emu, other_region, "WaitForEvents",
                                    "{\"events\":[{\"eventName\":\"Stream Start\"}],"
                                    "\"timeoutSeconds\":0}"),
                   200);
}

static void the_members_account_and_region_name_the_scope(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, "eu-west-1", "lobby");
    assert_success(start_stream(emu, arn, ""), 200);

    struct reply found = emulator_call(emu, REGION, "WaitForEvents",
                                       "{\"events\":[{\"eventName\":\"Stream Start\"}],"
                                       "\"region\":\"eu-west-1\"}");
    struct reply contradiction = emulator_call(
        emu, REGION, "WaitForEvents",
        "{\"events\":[{\"resourceArn\":\"%s\"}],\"region\":\"us-west-2\"}", arn);

    assert_success(found, 200);
    assert_string_equal(reply_string(found, "region"), "eu-west-1");
    assert_error_says(contradiction, 400, "ValidationException",
                      "WaitForEvents.account or region contradicts "
                      "events[0].resourceArn");
}

static void what_is_missing_is_listed_with_what_came(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    struct reply reply = look(
        emu, emulator_printf(emu,
                             "{\"detailType\":\"IVS Stream State Change\",\"count\":3},"
                             "{\"eventName\":\"Stream Start\"},"
                             "{\"eventName\":\"Stream End\",\"resourceArn\":\"%s\"}",
                             arn));

    assert_error_says(
        reply, 408, "EventsMissingException",
        emulator_printf(emu,
                        "Not all expected events came within 0 s: events[0] (IVS Stream "
                        "State Change): 2 of 3 received; events[2] (Stream End, %s): 0 "
                        "of 1 received",
                        arn));
    assert_json(reply, "missing",
                "[{\"detailType\":\"IVS Stream State Change\",\"count\":3,"
                "\"received\":2},"
                "{\"eventName\":\"Stream End\",\"resourceArn\":\"%s\",\"count\":1,"
                "\"received\":0}]",
                arn);
}

static void only_events_after_the_given_one_count(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    const char *id = last_id(emu);

    struct reply before = look_after(emu, id, "{\"eventName\":\"Stream Start\"}");
    go_offline(emu, arn);
    go_live(emu, arn);
    struct reply after = look_after(
        emu, id, "{\"eventName\":\"Stream End\"},{\"eventName\":\"Stream Start\"}");

    assert_error(before, 408, "EventsMissingException");
    assert_success(after, 200);
    assert_string_equal(reply_string(after, "events.1.id"), last_id(emu));
}

static void the_given_event_may_be_in_the_scope_of_an_arn(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, "eu-west-1", "lobby");
    assert_success(start_stream(emu, arn, ""), 200);
    struct reply start = look(
        emu, emulator_printf(
                 emu, "{\"eventName\":\"Stream Start\",\"resourceArn\":\"%s\"}", arn));
    assert_success(start, 200);
    go_offline(emu, arn);

    struct reply end = look_after(
        emu, reply_string(start, "events.0.id"),
        emulator_printf(emu, "{\"eventName\":\"Stream End\",\"resourceArn\":\"%s\"}",
                        arn));

    assert_success(end, 200);
}

static void an_unknown_event_to_count_after_is_not_found(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, "eu-west-1", "lobby");
    assert_success(start_stream(emu, arn, ""), 200);
    struct reply foreign =
        look(emu, emulator_printf(emu, "{\"resourceArn\":\"%s\"}", arn));

    struct reply unknown =
        look_after(emu, UNKNOWN_ID, "{\"eventName\":\"Stream Start\"}");
    struct reply elsewhere = look_after(emu, reply_string(foreign, "events.0.id"),
                                        "{\"eventName\":\"Stream Start\"}");

    assert_error_says(unknown, 404, "ResourceNotFoundException",
                      "Event: " UNKNOWN_ID " not found");
    assert_error(elsewhere, 404, "ResourceNotFoundException");
}

static void what_no_event_can_be_is_refused_with_the_choices(void **state)
{
    static const struct {
        const char *events;
        const char *message;
    } rows[] = {
        {"{\"eventName\":\"Stream Start\"},{\"detailType\":\"IVS Stream Health\"}",
         "WaitForEvents.events[1].detailType: there is no detail type IVS "
         "Stream Health. Did you mean IVS Stream Health Change? Valid names are IVS "
         "Stream State Change, IVS Stream Health Change, IVS Limit Breach, IVS Recording "
         "State Change, IVS Ad Break State Change"                                   },
        {"{\"detailType\":\"IVS Stream Health Change\",\"eventName\":\"Stream Start\"}",
         "WaitForEvents.events[0].eventName: there is no event Stream Start of IVS "
         "Stream "
         "Health Change. Valid names are Starvation Start, Starvation End"           },
        {"{\"count\":2}",
         "WaitForEvents.events[0] requires detailType, eventName or resourceArn"     },
        {"{\"resourceArn\":\"lobby\"}",
         "WaitForEvents.events[0].resourceArn must be an ARN"                        },
        {"{\"eventName\":\"Stream Start\",\"count\":1000},{\"eventName\":\"Stream End\"}",
         "WaitForEvents.events expects 1001 events in all; at most 1000 are possible"},
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_error_says(look(emu, rows[i].events), 400, "ValidationException",
                          rows[i].message);
}

static void a_misspelt_event_name_is_answered_with_the_nearest(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = look(emu, "{\"eventName\":\"Stream Stat\"}");

    assert_error(reply, 400, "ValidationException");
    assert_non_null(strstr(reply.message, "Did you mean Stream Start? "));
    assert_non_null(strstr(reply.message, "Concurrent Viewers"));
}

static void a_seed_cannot_wait(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(
        emu, REGION, "Seed",
        "{\"calls\":[{\"operation\":\"WaitForEvents\",\"input\":{\"events\":["
        "{\"eventName\":\"Stream Start\"}]}}]}");

    assert_error_says(reply, 400, "ValidationException",
                      "calls[0] WaitForEvents: The operation waits for other calls, so "
                      "it cannot be used in a seed, which keeps them out");
}

static void a_stop_ends_the_waiting(void **state)
{
    struct emulator *emu = *state;
    arrivals_stop(emu->arrivals);

    struct reply reply = emulator_call(emu, REGION, "WaitForEvents",
                                       "{\"events\":[{\"eventName\":\"Stream Start\"}],"
                                       "\"timeoutSeconds\":300}");

    assert_error_says(reply, 503, "ServiceUnavailable", "The server stops");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(events_that_are_there_are_returned_at_once),
        EMULATOR_TEST(events_are_in_the_order_of_the_expectations),
        EMULATOR_TEST(an_event_is_named_by_the_member_of_its_type),
        EMULATOR_TEST(an_event_after_many_others_is_found),
        EMULATOR_TEST(an_arn_restricts_the_resource_and_names_the_scope),
        EMULATOR_TEST(the_members_account_and_region_name_the_scope),
        EMULATOR_TEST(what_is_missing_is_listed_with_what_came),
        EMULATOR_TEST(only_events_after_the_given_one_count),
        EMULATOR_TEST(the_given_event_may_be_in_the_scope_of_an_arn),
        EMULATOR_TEST(an_unknown_event_to_count_after_is_not_found),
        EMULATOR_TEST(what_no_event_can_be_is_refused_with_the_choices),
        EMULATOR_TEST(a_misspelt_event_name_is_answered_with_the_nearest),
        EMULATOR_TEST(a_seed_cannot_wait),
        EMULATOR_TEST(a_stop_ends_the_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
