/*
 * ListEvents: the envelope and the detail of every kind of event, pages, filters,
 * isolation. The events of ad breaks and of exceeded limits are tested with their
 * operations.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define LIST_STATES "\"detailType\":\"IVS Stream State Change\""

static const struct scope other_region = {.account = "000000000000",
                                          .region = "eu-west-1"};
static const struct scope other_account = {.account = "123456789012", .region = REGION};

/* ListEvents with these members. */
static struct reply list(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "ListEvents", "{%s}", members);
}

static void without_events_the_list_is_empty(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "lobby");

    struct reply reply = list(emu, "");

    assert_success(reply, 200);
    assert_json(reply, "",
                "{\"events\":[],\"account\":\"000000000000\",\"region\":\"us-east-1\"}");
}

static void an_event_has_the_envelope_of_eventbridge(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    clock_advance(emu->clock, 61999);
    const char *stream_id = go_live(emu, arn);

    struct reply reply = list(emu, "");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "events"), 2);
    assert_json(reply, "events.1",
                "{\"version\":\"0\",\"id\":\"%s\","
                "\"detail-type\":\"IVS Stream State Change\",\"source\":\"aws.ivs\","
                "\"account\":\"000000000000\",\"time\":\"2021-04-07T00:01:01Z\","
                "\"region\":\"us-east-1\",\"resources\":[\"%s\"],"
                "\"detail\":{\"event_name\":\"Stream Start\",\"channel_name\":\"lobby\","
                "\"stream_id\":\"%s\"}}",
                reply_string(reply, "events.1.id"), arn, stream_id);
}

static bool is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
    bool is = strlen(text) == sizeof(form) - 1;

    for (size_t i = 0; is && form[i] != '\0'; i++) {
        if (form[i] == 'x')
            is = strchr("0123456789abcdef", text[i]) != NULL;
        else if (form[i] == 'v')
            is = strchr("89ab", text[i]) != NULL;
        else
            is = text[i] == form[i];
    }
    return is;
}

static void every_event_has_a_uuid_of_its_own(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    go_offline(emu, arn);

    struct reply reply = list(emu, "");

    assert_int_equal(reply_count(reply, "events"), 4);
    for (int i = 0; i < 4; i++) {
        const char *id = reply_string(reply, emulator_printf(emu, "events.%d.id", i));
        assert_true(is_uuid(id));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(
                id, reply_string(reply, emulator_printf(emu, "events.%d.id", k)));
    }
}

/* The events of a recorded stream that starves and fails, in order. */
static const struct {
    const char *type;
    const char *time;
    const char *particulars;
} told[] = {
    {"IVS Stream State Change",    "2021-04-07T00:00:00Z",
     "\"event_name\":\"Session Created\""                                                 },
    {"IVS Stream State Change",    "2021-04-07T00:00:00Z",
     "\"event_name\":\"Stream Start\""                                                    },
    {"IVS Recording State Change", "2021-04-07T00:00:00Z", NULL                           },
    {"IVS Stream Health Change",   "2021-04-07T00:00:01Z",
     "\"event_name\":\"Starvation Start\""                                                },
    {"IVS Stream Health Change",   "2021-04-07T00:00:02Z",
     "\"event_name\":\"Starvation End\""                                                  },
    {"IVS Stream State Change",    "2021-04-07T00:00:03Z",
     "\"event_name\":\"Stream Failure\",\"reason\":\"Transcode capacity exceeded. Please "
     "try again.\""                                                                       },
    {"IVS Stream State Change",    "2021-04-07T00:00:03Z",
     "\"event_name\":\"Session Ended\""                                                   },
    {"IVS Stream State Change",    "2021-04-07T00:00:03Z", "\"event_name\":\"Stream End\""},
    {"IVS Recording State Change", "2021-04-07T00:00:03Z", NULL                           },
};

static void change_health(struct emulator *emu, const char *arn, const char *health)
{
    clock_advance(emu->clock, 1000);
    assert_success(emulator_call(emu, REGION, "UpdateStream",
                                 "{\"channelArn\":\"%s\",\"health\":\"%s\"}", arn,
                                 health),
                   200);
}

static void the_events_of_a_session_are_in_order_with_every_detail(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "demo-recordings", 0);
    const char *stream_id = go_live(emu, arn);
    change_health(emu, arn, "STARVING");
    change_health(emu, arn, "HEALTHY");
    clock_advance(emu->clock, 1000);

    assert_success(emulator_call(emu, REGION, "EndStream",
                                 "{\"channelArn\":\"%s\",\"failure\":\"Transcode "
                                 "capacity exceeded. Please try again.\"}",
                                 arn),
                   204);

    struct reply reply = list(emu, "");
    assert_int_equal(reply_count(reply, "events"), COUNT_OF(told));
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        const char *at = emulator_printf(emu, "events.%zu", i);
        assert_string_equal(
            reply_string(reply, emulator_printf(emu, "%s.detail-type", at)),
            told[i].type);
        assert_string_equal(reply_string(reply, emulator_printf(emu, "%s.time", at)),
                            told[i].time);
        assert_json(reply, emulator_printf(emu, "%s.resources", at), "[\"%s\"]", arn);
        if (told[i].particulars != NULL)
            assert_json(reply, emulator_printf(emu, "%s.detail", at),
                        "{%s,\"channel_name\":\"lobby\",\"stream_id\":\"%s\"}",
                        told[i].particulars, stream_id);
    }
}

static void recording_events_have_every_detail(void **state)
{
    static const struct {
        const char *path;
        const char *status;
        int duration_ms;
    } events[] = {
        {"events.2", "Recording Start", 0   },
        {"events.5", "Recording End",   3000},
    };
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "demo-recordings", 0);
    const char *stream_id = go_live(emu, arn);
    clock_advance(emu->clock, 3000);
    go_offline(emu, arn);

    struct reply reply = list(emu, "");

    const char *session = reply_string(reply, "events.2.detail.recording_session_id");
    const char *prefix = reply_string(reply, "events.2.detail.recording_s3_key_prefix");
    for (size_t i = 0; i < COUNT_OF(events); i++)
        assert_json(reply, emulator_printf(emu, "%s.detail", events[i].path),
                    "{\"channel_name\":\"lobby\",\"stream_id\":\"%s\","
                    "\"recording_status\":\"%s\",\"recording_status_reason\":\"\","
                    "\"recording_s3_bucket_name\":\"demo-recordings\","
                    "\"recording_s3_key_prefix\":\"%s\",\"recording_duration_ms\":%d,"
                    "\"recording_session_id\":\"%s\","
                    "\"recording_session_stream_ids\":[\"%s\"]}",
                    stream_id, events[i].status, prefix, events[i].duration_ms, session,
                    stream_id);
}

static void pages_continue_while_new_events_arrive(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    struct reply first = list(emu, "\"maxResults\":1");
    go_offline(emu, arn);
    const char *token = reply_string(first, "nextToken");
    struct reply rest =
        list(emu, emulator_printf(emu, "\"maxResults\":3,\"nextToken\":\"%s\"", token));
    const char *names = events_told(
        emu, emulator_printf(emu, "\"maxResults\":2,\"nextToken\":\"%s\"", token));

    assert_int_equal(reply_count(first, "events"), 1);
    assert_int_equal(reply_count(rest, "events"), 3);
    assert_false(reply_has(rest, "nextToken"));
    assert_string_equal(names, "Stream Start, Session Ended");
}

static void a_page_has_100_events_by_default_and_1000_at_most(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    for (int i = 0; i < 26; i++) {
        go_live(emu, arn);
        go_offline(emu, arn);
    }

    struct reply by_default = list(emu, "");
    struct reply most = list(emu, "\"maxResults\":1000");
    struct reply too_many = list(emu, "\"maxResults\":1001");
    struct reply too_few = list(emu, "\"maxResults\":0");

    assert_int_equal(reply_count(by_default, "events"), 100);
    assert_true(reply_has(by_default, "nextToken"));
    assert_int_equal(reply_count(most, "events"), 104);
    assert_false(reply_has(most, "nextToken"));
    assert_error(too_many, 400, "ValidationException");
    assert_error(too_few, 400, "ValidationException");
}

static void events_are_filtered_by_kind_and_by_resource(void **state)
{
    static const struct {
        const char *kind;
        bool of_lobby;
        const char *names;
    } filters[] = {
        {"IVS Stream Health Change",  false, "Starvation Start, Starvation Start"             },
        {"IVS Stream Health Change",  true,  "Starvation Start"                               },
        {NULL,                        true,  "Session Created, Stream Start, Starvation Start"},
        {"IVS Ad Break State Change", false, ""                                               },
        {"IVS Limit Breach",          false, ""                                               },
    };
    struct emulator *emu = *state;
    const char *lobby = create_channel(emu, REGION, "lobby");
    const char *hall = create_channel(emu, REGION, "hall");
    start_stream(emu, lobby, "\"health\":\"STARVING\"");
    start_stream(emu, hall, "\"health\":\"STARVING\"");

    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        const char *kind =
            filters[i].kind == NULL
                ? ""
                : emulator_printf(emu, "\"detailType\":\"%s\"", filters[i].kind);
        const char *resource = filters[i].of_lobby
                                   ? emulator_printf(emu, "\"resourceArn\":\"%s\"", lobby)
                                   : "";
        const char *comma = kind[0] != '\0' && resource[0] != '\0' ? "," : "";
        assert_string_equal(
            events_told(emu, emulator_printf(emu, "%s%s%s", kind, comma, resource)),
            filters[i].names);
    }
}

static void pages_keep_their_filter(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    start_stream(emu, arn, "\"health\":\"STARVING\"");
    go_offline(emu, arn);

    struct reply page = list(emu, LIST_STATES ",\"maxResults\":2");
    const char *token =
        emulator_printf(emu, "\"nextToken\":\"%s\"", reply_string(page, "nextToken"));
    const char *rest = events_told(emu, emulator_printf(emu, LIST_STATES ",%s", token));
    struct reply unfiltered = list(emu, token);
    struct reply other = list(
        emu, emulator_printf(emu, LIST_STATES ",\"resourceArn\":\"%s\",%s", arn, token));

    assert_string_equal(rest, "Session Ended, Stream End");
    assert_error_says(unfiltered, 400, "ValidationException",
                      "ListEvents.nextToken is not valid for this list");
    assert_error(other, 400, "ValidationException");
}

static void a_resource_that_is_not_an_arn_is_refused(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = list(emu, "\"resourceArn\":\"lobby\"");

    assert_error_says(reply, 400, "ValidationException",
                      "ListEvents.resourceArn must be an ARN");
}

static void events_of_other_accounts_and_regions_are_not_listed(void **state)
{
    struct emulator *emu = *state;
    go_live(emu, create_channel(emu, REGION, "lobby"));

    struct reply region = emulator_call_as(emu, other_region, "ListEvents", "{}");
    struct reply account = emulator_call_as(emu, other_account, "ListEvents", "{}");

    assert_int_equal(reply_count(list(emu, ""), "events"), 2);
    assert_int_equal(reply_count(region, "events"), 0);
    assert_int_equal(reply_count(account, "events"), 0);
}

static void the_arn_of_a_resource_selects_the_account_and_region(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    struct reply reply = emulator_call_as(emu, other_account, "ListEvents",
                                          "{\"resourceArn\":\"%s\"}", arn);

    assert_int_equal(reply_count(reply, "events"), 2);
    assert_string_equal(reply_string(reply, "events.0.account"), "000000000000");
}

static void an_event_names_the_account_and_region_of_its_channel(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call_as(
        emu, (struct scope){.account = "123456789012", .region = "eu-west-1"},
        "CreateChannel", "{}");
    go_live(emu, reply_string(made, "channel.arn"));

    struct reply reply = emulator_call_as(
        emu, (struct scope){.account = "123456789012", .region = "eu-west-1"},
        "ListEvents", "{}");

    assert_string_equal(reply_string(reply, "events.0.account"), "123456789012");
    assert_string_equal(reply_string(reply, "events.0.region"), "eu-west-1");
}

static void events_are_kept_when_their_channel_is_deleted(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    go_offline(emu, arn);

    assert_success(emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", arn),
                   204);

    assert_string_equal(
        events_told(emu, emulator_printf(emu, "\"resourceArn\":\"%s\"", arn)),
        "Session Created, Stream Start, Session Ended, Stream End");
}

static void a_refused_call_writes_no_event(void **state)
{
    static const struct {
        const char *operation;
        const char *members;
    } calls[] = {
        {"StartStream",   ""                       },
        {"StartStream",   ",\"viewerCount\":-1"    },
        {"UpdateStream",  ",\"health\":\"WELL\""   },
        {"EndStream",     ",\"failure\":\"\""      },
        {"PutMetadata",   ",\"metadata\":\"\""     },
        {"InsertAdBreak", ",\"durationSeconds\":30"},
        {"DeleteChannel", ""                       },
    };
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct reply reply = emulator_call(emu, REGION, calls[i].operation,
                                           "{\"arn\":\"%s\",\"channelArn\":\"%s\"%s}",
                                           arn, arn, calls[i].members);
        assert_non_null(reply.error);
    }

    assert_string_equal(events_told(emu, ""), "Session Created, Stream Start");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(without_events_the_list_is_empty),
        EMULATOR_TEST(an_event_has_the_envelope_of_eventbridge),
        EMULATOR_TEST(every_event_has_a_uuid_of_its_own),
        EMULATOR_TEST(the_events_of_a_session_are_in_order_with_every_detail),
        EMULATOR_TEST(recording_events_have_every_detail),
        EMULATOR_TEST(pages_continue_while_new_events_arrive),
        EMULATOR_TEST(a_page_has_100_events_by_default_and_1000_at_most),
        EMULATOR_TEST(events_are_filtered_by_kind_and_by_resource),
        EMULATOR_TEST(pages_keep_their_filter),
        EMULATOR_TEST(a_resource_that_is_not_an_arn_is_refused),
        EMULATOR_TEST(events_of_other_accounts_and_regions_are_not_listed),
        EMULATOR_TEST(the_arn_of_a_resource_selects_the_account_and_region),
        EMULATOR_TEST(an_event_names_the_account_and_region_of_its_channel),
        EMULATOR_TEST(events_are_kept_when_their_channel_is_deleted),
        EMULATOR_TEST(a_refused_call_writes_no_event),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
