/*
 * Seed: many calls in one transaction, with references from one to another.
 */
#include "support/emulator.h"

#include "base/buf.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define CREATE                                                                           \
    "{\"operation\":\"CreateChannel\",\"as\":\"chan\","                                  \
    "\"input\":{\"name\":\"lobby\",\"tags\":{\"team\":\"blue\"}}}"

enum { BODY_BYTES = 2 * 1024 * 1024 };

/* Calls Seed with these calls, separated by commas. */
static struct reply seed(struct emulator *emu, const char *calls)
{
    return emulator_call(emu, REGION, "Seed", "{\"calls\":[%s]}", calls);
}

/* The same, preceded by a call that creates the channel `chan`. */
static struct reply seed_after_channel(struct emulator *emu, const char *calls)
{
    return seed(emu, emulator_printf(emu, CREATE ",%s", calls));
}

static int channels(struct emulator *emu)
{
    return reply_count(emulator_call(emu, REGION, "ListChannels", "{}"), "channels");
}

static void the_answers_come_in_the_order_of_the_calls(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = seed(emu, CREATE ",{\"operation\":\"ListChannels\"}");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "results"), 2);
    assert_string_equal(reply_string(reply, "results.0.operation"), "CreateChannel");
    assert_string_equal(reply_string(reply, "results.0.as"), "chan");
    assert_string_equal(reply_string(reply, "results.1.operation"), "ListChannels");
    assert_false(reply_has(reply, "results.1.as"));
    assert_string_equal(reply_string(reply, "results.1.output.channels.0.arn"),
                        reply_string(reply, "results.0.output.channel.arn"));
}

static void a_seed_may_have_no_calls(void **state)
{
    struct reply reply = seed(*state, "");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "results"), 0);
}

static void an_answer_without_a_body_is_an_empty_output(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        seed_after_channel(emu, "{\"operation\":\"DeleteChannel\",\"as\":\"gone\","
                                "\"input\":{\"arn\":\"${chan.channel.arn}\"}}");

    assert_success(reply, 200);
    assert_json(reply, "results.1.output", "{}");
    assert_int_equal(channels(emu), 0);
}

static void a_reference_takes_a_value_from_an_earlier_answer(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        seed_after_channel(emu, "{\"operation\":\"ListStreamKeys\",\"as\":\"keys\","
                                "\"input\":{\"channelArn\":\"${chan.channel.arn}\"}},"
                                "{\"operation\":\"GetStreamKey\","
                                "\"input\":{\"arn\":\"${keys.streamKeys.0.arn}\"}}");

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "results.2.output.streamKey.value"),
                        reply_string(reply, "results.0.output.streamKey.value"));
}

static void
a_string_that_is_one_reference_becomes_the_value_whatever_its_type(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = seed_after_channel(
        emu, "{\"operation\":\"StartStream\",\"as\":\"live\",\"input\":{\"channelArn\":"
             "\"${chan.channel.arn}\",\"viewerCount\":7}},"
             "{\"operation\":\"CreateChannel\",\"as\":\"twin\",\"input\":{"
             "\"tags\":\"${chan.channel.tags}\",\"authorized\":\"${chan.channel."
             "authorized}\"}},"
             "{\"operation\":\"StartStream\",\"input\":{\"channelArn\":"
             "\"${twin.channel.arn}\",\"viewerCount\":\"${live.stream.viewerCount}\"}}");

    assert_success(reply, 200);
    assert_json(reply, "results.2.output.channel.tags", "{\"team\":\"blue\"}");
    assert_false(reply_bool(reply, "results.2.output.channel.authorized"));
    assert_int_equal(reply_int(reply, "results.3.output.stream.viewerCount"), 7);
}

static void in_a_longer_string_the_value_is_inserted_as_text(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = seed_after_channel(
        emu, "{\"operation\":\"StartStream\",\"as\":\"live\",\"input\":{\"channelArn\":"
             "\"${chan.channel.arn}\",\"viewerCount\":7}},"
             "{\"operation\":\"CreateChannel\",\"input\":{\"name\":"
             "\"${chan.channel.name}-${chan.channel.authorized}-${live.stream."
             "viewerCount}\"}}");

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "results.2.output.channel.name"),
                        "lobby-false-7");
}

/* Two calls that start a stream on the channel `on` with this encoder, and show it. */
static const char *stream_and_show(struct emulator *emu, const char *on,
                                   const char *encoder)
{
    return emulator_printf(
        emu,
        "{\"operation\":\"StartStream\",\"input\":{\"channelArn\":\"${%s.channel.arn}\","
        "\"ingestConfiguration\":{\"video\":{\"encoder\":\"%s\"}}}},"
        "{\"operation\":\"GetStreamSession\",\"as\":\"%s_session\","
        "\"input\":{\"channelArn\":\"${%s.channel.arn}\"}}",
        on, encoder, on, on);
}

static void two_dollars_escape_a_reference(void **state)
{
#define ENCODER "streamSession.ingestConfiguration.video.encoder"
    struct emulator *emu = *state;
    const char *first =
        stream_and_show(emu, "chan", "$5 $${chan.channel.name} ${chan.channel.name}$");
    const char *second = stream_and_show(emu, "twin", "${chan_session." ENCODER "}");

    struct reply reply = seed_after_channel(
        emu,
        emulator_printf(emu, "{\"operation\":\"CreateChannel\",\"as\":\"twin\"},%s,%s",
                        first, second));

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "results.3.output." ENCODER),
                        "$5 ${chan.channel.name} lobby$");
    /* The value of a reference is not searched for references again. */
    assert_string_equal(reply_string(reply, "results.5.output." ENCODER),
                        "$5 ${chan.channel.name} lobby$");
#undef ENCODER
}

static void a_reference_to_nothing_is_refused_by_name(void **state)
{
    static const char *const paths[] = {
        "",
        "chan",
        "nobody.channel.arn",
        "chan.channel.arm",
        "chan.",
        "list.channels",
        "list.channels.1.arn",
        "list.channels.x",
        "chan..",
        "list.channels.",
        "list.channels.-1",
        "list.channels.99999999999",
        "chan.channel.arn.x",
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct reply reply = seed_after_channel(
            emu, emulator_printf(emu,
                                 "{\"operation\":\"ListChannels\",\"as\":\"list\"},"
                                 "{\"operation\":\"GetChannel\","
                                 "\"input\":{\"arn\":\"${%s}\"}}",
                                 paths[i]));
        assert_int_equal(reply.status, 400);
        if (strcmp(paths[i], "chan") == 0 || strcmp(paths[i], "list.channels") == 0)
            continue; /* these exist, and are not an ARN */
        assert_error_says(reply, 400, "ValidationException",
                          emulator_printf(emu,
                                          "calls[2] GetChannel: ${%s} refers to nothing "
                                          "in an earlier response",
                                          paths[i]));
    }
}

static void a_reference_to_a_later_response_is_refused(void **state)
{
    struct reply reply = seed(
        *state, "{\"operation\":\"GetChannel\",\"input\":{\"arn\":\"${c.channel.arn}\"}},"
                "{\"operation\":\"CreateChannel\",\"as\":\"c\"}");

    assert_error_says(reply, 400, "ValidationException",
                      "calls[0] GetChannel: ${c.channel.arn} refers to nothing in an "
                      "earlier response");
}

static void only_text_can_be_inserted_into_a_string(void **state)
{
    struct reply reply =
        seed_after_channel(*state, "{\"operation\":\"CreateChannel\","
                                   "\"input\":{\"name\":\"a${chan.channel}\"}}");

    assert_error_says(reply, 400, "ValidationException",
                      "calls[1] CreateChannel: ${chan.channel} is not a string, number "
                      "or boolean, so it must be the whole string");
}

static void a_reference_without_an_end_is_refused(void **state)
{
    struct reply reply =
        seed(*state, "{\"operation\":\"CreateChannel\",\"input\":{\"name\":\"a${b\"}}");

    assert_error_says(reply, 400, "ValidationException",
                      "calls[0] CreateChannel: A ${ has no closing }; write $${ for the "
                      "characters themselves");
}

static void a_name_can_be_used_only_once(void **state)
{
    struct reply reply = seed(*state, CREATE "," CREATE);

    assert_error_says(reply, 400, "ValidationException",
                      "calls[1] CreateChannel: An earlier call has the name chan");
}

static void the_first_call_that_fails_undoes_all(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        seed_after_channel(emu, "{\"operation\":\"StartStream\","
                                "\"input\":{\"channelArn\":\"${chan.channel.arn}\"}},"
                                "{\"operation\":\"StartStream\","
                                "\"input\":{\"channelArn\":\"${chan.channel.arn}\"}}");

    assert_error(reply, 409, "ConflictException");
    assert_non_null(strstr(reply.message, "calls[2] StartStream: Channel: "));
    assert_int_equal(channels(emu), 0);
    assert_string_equal(events_told(emu, ""), "");
}

static void a_call_of_a_seed_fails_like_the_same_call_alone(void **state)
{
    static const struct {
        const char *call;
        int status;
        const char *error;
        const char *message;
    } rows[] = {
        {"{\"operation\":\"CreateChannel\",\"input\":{\"name\":7}}",               400,
         "SerializationException",                                                                                       "calls[1] CreateChannel: CreateChannel.name must be a string"},
        {"{\"operation\":\"GetChannel\"}",                                         400, "ValidationException",
         "calls[1] GetChannel: GetChannel.arn is a required attribute"                                                                                                                },
        {"{\"operation\":\"GetStream\",\"input\":{\"channelArn\":"
         "\"${chan.channel.arn}\"}}",                                     404, "ChannelNotBroadcasting",        NULL                                                         },
        {"{\"operation\":\"GetChannel\",\"input\":{\"arn\":"
         "\"arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh\"}}", 404, "ResourceNotFoundException",
         "calls[1] GetChannel: Resource: "
         "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh not found"                                                                                                          },
        {"{\"operation\":\"CreateStreamKey\",\"input\":{\"channelArn\":"
         "\"${chan.channel.arn}\"}}",                                     402, "ServiceQuotaExceededException", NULL                                                         },
        {"{\"operation\":\"Nothing\"}",                                            400, "ValidationException",           NULL                                                         },
        {"{\"operation\":\"Seed\",\"input\":{\"calls\":[]}}",                      400, "ValidationException",
         "calls[1] Seed: The operation cannot be used in a seed"                                                                                                                      },
        {"{\"operation\":\"ListRequests\"}",                                       400, "ValidationException",
         "calls[1] ListRequests: The operation cannot be used in a seed"                                                                                                              },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reply reply = seed_after_channel(emu, rows[i].call);
        assert_error(reply, rows[i].status, rows[i].error);
        if (rows[i].message != NULL)
            assert_string_equal(reply.message, rows[i].message);
        assert_int_equal(channels(emu), 0);
    }
}

static void the_events_of_a_refused_stream_are_rolled_back_too(void **state)
{
    struct emulator *emu = *state;
    static const char too_wide[] = "\"ingestConfiguration\":{\"video\":"
                                   "{\"videoWidth\":7680,\"videoHeight\":4320}}";

    struct reply reply = seed_after_channel(
        emu, emulator_printf(emu,
                             "{\"operation\":\"StartStream\",\"input\":{\"channelArn\":"
                             "\"${chan.channel.arn}\",%s}}",
                             too_wide));

    assert_error(reply, 402, "ServiceQuotaExceededException");
    assert_string_equal(events_told(emu, ""), "");
    /* Outside a seed, such a call leaves the events that report it. */
    const char *arn = create_channel(emu, REGION, "lobby");
    assert_error(start_stream(emu, arn, too_wide), 402, "ServiceQuotaExceededException");
    assert_string_not_equal(events_told(emu, ""), "");
}

static void members_of_the_path_and_the_query_are_in_the_input(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = seed_after_channel(
        emu, "{\"operation\":\"TagResource\",\"input\":{\"resourceArn\":"
             "\"${chan.channel.arn}\",\"tags\":{\"size\":\"big\"}}},"
             "{\"operation\":\"UntagResource\",\"input\":{\"resourceArn\":"
             "\"${chan.channel.arn}\",\"tagKeys\":[\"team\"]}},"
             "{\"operation\":\"ListTagsForResource\",\"input\":{\"resourceArn\":"
             "\"${chan.channel.arn}\"}}");

    assert_success(reply, 200);
    assert_json(reply, "results.3.output.tags", "{\"size\":\"big\"}");
}

static void a_seed_runs_as_its_caller(void **state)
{
    static const struct scope other = {.account = "123456789012", .region = "eu-west-1"};
    struct emulator *emu = *state;

    struct reply reply = emulator_call_as(emu, other, "Seed", "{\"calls\":[" CREATE "]}");

    assert_success(reply, 200);
    assert_non_null(strstr(reply_string(reply, "results.0.output.channel.arn"),
                           "arn:aws:ivs:eu-west-1:123456789012:channel/"));
    assert_int_equal(channels(emu), 0);
}

static void the_request_log_holds_no_part_of_a_seed(void **state)
{
    struct emulator *emu = *state;

    assert_success(seed(emu, CREATE), 200);

    struct reply log = emulator_call(emu, REGION, "ListRequests", "{}");
    assert_int_equal(reply_count(log, "requests"), 0);
}

static void the_events_of_a_seed_are_written(void **state)
{
    struct emulator *emu = *state;

    assert_success(seed_after_channel(emu, "{\"operation\":\"StartStream\",\"input\":"
                                           "{\"channelArn\":\"${chan.channel.arn}\"}}"),
                   200);

    assert_string_equal(events_told(emu, ""), "Session Created, Stream Start");
}

/* A call that creates a channel whose tags fill `kilobytes`. */
static void add_heavy_channel(struct buf *body, int kilobytes)
{
    buf_printf(body, "{\"operation\":\"CreateChannel\",\"input\":{\"tags\":{");
    for (int i = 0; i < 4 * kilobytes; i++)
        buf_printf(body, "%s\"k%d\":\"%0256d\"", i > 0 ? "," : "", i, i);
    buf_printf(body, "}}}");
}

/* Makes 60 channels of 12 KiB each: a list of them has 0.7 MiB. */
static void create_heavy_channels(struct emulator *emu)
{
    struct buf body AUTO(buf_done);

    buf_init(&body, BODY_BYTES);
    for (int i = 0; i < 60; i++) {
        buf_text(&body, i > 0 ? "," : "");
        add_heavy_channel(&body, 12);
    }
    assert_false(body.overflow);
    assert_success(seed(emu, body.bytes), 200);
}

static void the_responses_together_have_a_maximum_size(void **state)
{
    struct emulator *emu = *state;
    create_heavy_channels(emu);
    static const char list[] = "{\"operation\":\"ListChannels\","
                               "\"input\":{\"maxResults\":100}}";

    struct reply five =
        seed(emu, emulator_printf(emu, "%s,%s,%s,%s,%s", list, list, list, list, list));
    struct reply six = seed(emu, emulator_printf(emu, "%s,%s,%s,%s,%s,%s", list, list,
                                                 list, list, list, list));

    assert_success(five, 200);
    assert_error_says(six, 400, "ValidationException",
                      "calls[5] ListChannels: The responses so far have more than "
                      "4194304 bytes; seed in several steps");
}

static void the_references_together_have_a_maximum_size(void **state)
{
    struct emulator *emu = *state;
    create_heavy_channels(emu);
    static const char list[] = "{\"operation\":\"ListChannels\",\"as\":\"all\","
                               "\"input\":{\"maxResults\":100}}";

    struct reply once =
        seed(emu, emulator_printf(emu,
                                  "%s,{\"operation\":\"ListChannels\",\"input\":"
                                  "{\"unknown\":\"${all.channels}\"}}",
                                  list));
    struct reply twice = seed(
        emu, emulator_printf(emu,
                             "%s,{\"operation\":\"ListChannels\",\"input\":"
                             "{\"unknown\":[\"${all.channels}\",\"${all.channels}\"]}}",
                             list));

    assert_error_begins(once, 400, "ValidationException",
                        "calls[1] ListChannels: ListChannels.unknown is unknown. ");
    assert_error_says(twice, 400, "ValidationException",
                      "calls[1] ListChannels: ${all.channels} exceeds the limits on "
                      "references in one seed");
}

/* A seed whose second call has so many references. */
static struct reply seed_with_references(struct emulator *emu, int count)
{
    struct buf body AUTO(buf_done);

    buf_init(&body, BODY_BYTES);
    buf_printf(&body, "{\"operation\":\"ListChannels\",\"input\":{\"unknown\":[0");
    for (int i = 0; i < count; i++)
        buf_text(&body, ",\"${chan.channel.name}\"");
    buf_text(&body, "]}}");
    assert_false(body.overflow);
    return seed_after_channel(emu, body.bytes);
}

static void the_number_of_references_is_limited(void **state)
{
    assert_error_begins(seed_with_references(*state, 10000), 400, "ValidationException",
                        "calls[1] ListChannels: ListChannels.unknown is unknown. ");
    assert_error_says(seed_with_references(*state, 10001), 400, "ValidationException",
                      "calls[1] ListChannels: ${chan.channel.name} exceeds the limits on "
                      "references in one seed");
}

static void a_long_reference_is_truncated_in_the_message(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        seed(emu, emulator_printf(emu,
                                  "{\"operation\":\"GetChannel\",\"input\":{\"arn\":"
                                  "\"${%0500d}\"}}",
                                  7));

    assert_error_says(reply, 400, "ValidationException",
                      emulator_printf(emu,
                                      "calls[0] GetChannel: ${%0200d} refers to nothing "
                                      "in an earlier response",
                                      0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(the_answers_come_in_the_order_of_the_calls),
        EMULATOR_TEST(a_seed_may_have_no_calls),
        EMULATOR_TEST(an_answer_without_a_body_is_an_empty_output),
        EMULATOR_TEST(a_reference_takes_a_value_from_an_earlier_answer),
        EMULATOR_TEST(a_string_that_is_one_reference_becomes_the_value_whatever_its_type),
        EMULATOR_TEST(in_a_longer_string_the_value_is_inserted_as_text),
        EMULATOR_TEST(two_dollars_escape_a_reference),
        EMULATOR_TEST(a_reference_to_nothing_is_refused_by_name),
        EMULATOR_TEST(a_reference_to_a_later_response_is_refused),
        EMULATOR_TEST(only_text_can_be_inserted_into_a_string),
        EMULATOR_TEST(a_reference_without_an_end_is_refused),
        EMULATOR_TEST(a_name_can_be_used_only_once),
        EMULATOR_TEST(the_first_call_that_fails_undoes_all),
        EMULATOR_TEST(a_call_of_a_seed_fails_like_the_same_call_alone),
        EMULATOR_TEST(the_events_of_a_refused_stream_are_rolled_back_too),
        EMULATOR_TEST(members_of_the_path_and_the_query_are_in_the_input),
        EMULATOR_TEST(a_seed_runs_as_its_caller),
        EMULATOR_TEST(the_request_log_holds_no_part_of_a_seed),
        EMULATOR_TEST(the_events_of_a_seed_are_written),
        EMULATOR_TEST(the_responses_together_have_a_maximum_size),
        EMULATOR_TEST(the_references_together_have_a_maximum_size),
        EMULATOR_TEST(the_number_of_references_is_limited),
        EMULATOR_TEST(a_long_reference_is_truncated_in_the_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
