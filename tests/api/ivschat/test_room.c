/*
 * CreateRoom, GetRoom, UpdateRoom, DeleteRoom.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define LAMBDA "arn:aws:lambda:us-east-1:000000000000:function:review"
#define NO_CONFIGURATION                                                                 \
    "arn:aws:ivschat:us-east-1:000000000000:logging-configuration/abcdABCDefgh"

/* Calls CreateRoom with these members. */
static struct reply create(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "CreateRoom", "{%s}", members);
}

static const char *create_room(struct emulator *emu, const char *members)
{
    struct reply reply = create(emu, members);

    assert_success(reply, 200);
    return reply_string(reply, "arn");
}

/* A logging configuration that is ACTIVE. */
static const char *create_logging(struct emulator *emu)
{
    struct reply reply = emulator_call(
        emu, REGION, "CreateLoggingConfiguration",
        "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"logs\"}}}");

    assert_success(reply, 200);
    emulator_advance(emu, emu->settings.transitions_ms);
    return reply_string(reply, "arn");
}

static struct reply get(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "GetRoom", "{\"identifier\":\"%s\"}", arn);
}

/* Calls UpdateRoom with these members. */
static struct reply update(struct emulator *emu, const char *arn, const char *members)
{
    return emulator_call(emu, REGION, "UpdateRoom", "{\"identifier\":\"%s\"%s%s}", arn,
                         members[0] != '\0' ? "," : "", members);
}

static void an_empty_input_makes_a_room_of_defaults(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = create(emu, "");

    assert_success(reply, 200);
    const char *arn = reply_string(reply, "arn");
    assert_json(
        reply, "",
        "{\"arn\":\"%s\",\"id\":\"%s\",\"createTime\":\"2021-04-07T00:00:00.000Z\","
        "\"updateTime\":\"2021-04-07T00:00:00.000Z\","
        "\"maximumMessageRatePerSecond\":10,\"maximumMessageLength\":500,"
        "\"tags\":{}}",
        arn, strrchr(arn, '/') + 1);
}

static void a_room_shows_everything_that_was_given(void **state)
{
    struct emulator *emu = *state;
    const char *first = create_logging(emu), *second = create_logging(emu);

    struct reply reply = create(
        emu, emulator_printf(emu,
                             "\"name\":\"lobby\",\"maximumMessageRatePerSecond\":100,"
                             "\"maximumMessageLength\":1,\"messageReviewHandler\":"
                             "{\"uri\":\"%s\",\"fallbackResult\":\"DENY\"},"
                             "\"tags\":{\"team\":\"blue\"},"
                             "\"loggingConfigurationIdentifiers\":[\"%s\",\"%s\"]",
                             LAMBDA, second, first));

    assert_success(reply, 200);
    const char *arn = reply_string(reply, "arn");
    const char *time = reply_string(reply, "createTime");
    assert_json(reply, "",
                "{\"arn\":\"%s\",\"id\":\"%s\",\"name\":\"lobby\",\"createTime\":\"%s\","
                "\"updateTime\":\"%s\",\"maximumMessageRatePerSecond\":100,"
                "\"maximumMessageLength\":1,\"messageReviewHandler\":{\"uri\":\"%s\","
                "\"fallbackResult\":\"DENY\"},\"tags\":{\"team\":\"blue\"},"
                "\"loggingConfigurationIdentifiers\":[\"%s\",\"%s\"]}",
                arn, strrchr(arn, '/') + 1, time, time, LAMBDA, second, first);
    assert_true(cJSON_Compare(get(emu, arn).body, reply.body, true));
}

static void members_are_in_the_order_of_the_model(void **state)
{
    static const char *const order[] = {"arn",
                                        "id",
                                        "name",
                                        "createTime",
                                        "updateTime",
                                        "maximumMessageRatePerSecond",
                                        "maximumMessageLength",
                                        "messageReviewHandler",
                                        "tags",
                                        "loggingConfigurationIdentifiers"};
    struct emulator *emu = *state;
    size_t i = 0;
    const cJSON *member;

    struct reply reply = create(
        emu, emulator_printf(emu,
                             "\"name\":\"lobby\",\"messageReviewHandler\":{\"uri\":"
                             "\"\"},\"loggingConfigurationIdentifiers\":[\"%s\"]",
                             create_logging(emu)));

    cJSON_ArrayForEach(member, reply.body) {
        assert_true(i < COUNT_OF(order));
        assert_string_equal(member->string, order[i++]);
    }
    assert_int_equal(i, COUNT_OF(order));
}

static void times_have_milliseconds(void **state)
{
    struct emulator *emu = *state;
    clock_advance(emu->clock, 7);
    const char *arn = create_room(emu, "");

    clock_advance(emu->clock, 993);
    struct reply updated = update(emu, arn, "");

    assert_string_equal(reply_string(updated, "createTime"), "2021-04-07T00:00:00.007Z");
    assert_string_equal(reply_string(updated, "updateTime"), "2021-04-07T00:00:01.000Z");
    assert_true(cJSON_Compare(get(emu, arn).body, updated.body, true));
}

static void an_update_changes_only_what_is_given(void **state)
{
    static const char *const changes[][2] = {
        {"name",                        "\"hall\""                                  },
        {"maximumMessageRatePerSecond", "1"                                         },
        {"maximumMessageLength",        "140"                                       },
        {"messageReviewHandler",        "{\"uri\":\"\",\"fallbackResult\":\"DENY\"}"},
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct reply before = create(
            emu, emulator_printf(emu,
                                 "\"name\":\"lobby\",\"messageReviewHandler\":{\"uri\":"
                                 "\"%s\"},\"loggingConfigurationIdentifiers\":[\"%s\"]",
                                 LAMBDA, create_logging(emu)));
        const char *arn = reply_string(before, "arn");
        struct reply after = update(
            emu, arn, emulator_printf(emu, "\"%s\":%s", changes[i][0], changes[i][1]));
        assert_success(after, 200);
        cJSON *expected = cJSON_Duplicate(before.body, true);
        cJSON_ReplaceItemInObjectCaseSensitive(expected, changes[i][0],
                                               cJSON_Parse(changes[i][1]));
        bool matches = cJSON_Compare(after.body, expected, true);
        cJSON_Delete(expected);
        if (!matches)
            fail_msg("%s changes something else", changes[i][0]);
    }
}

static void an_empty_name_is_no_name(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_room(emu, "\"name\":\"lobby\"");

    struct reply reply = update(emu, arn, "\"name\":\"\"");

    assert_success(reply, 200);
    assert_false(reply_has(reply, "name"));
    assert_false(reply_has(get(emu, arn), "name"));
}

static void a_handler_that_is_removed_stays_with_an_empty_uri(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_room(emu, "\"messageReviewHandler\":{\"uri\":\"" LAMBDA
                                       "\",\"fallbackResult\":\"DENY\"}");

    struct reply reply = update(emu, arn, "\"messageReviewHandler\":{\"uri\":\"\"}");

    assert_success(reply, 200);
    assert_json(reply, "messageReviewHandler",
                "{\"uri\":\"\",\"fallbackResult\":\"ALLOW\"}");
    assert_json(get(emu, arn), "messageReviewHandler",
                "{\"uri\":\"\",\"fallbackResult\":\"ALLOW\"}");
}

static void a_member_of_the_handler_that_is_not_given_stays(void **state)
{
    struct emulator *emu = *state;
    const char *arn =
        create_room(emu, "\"messageReviewHandler\":{\"uri\":\"" LAMBDA "\"}");

    struct reply denies =
        update(emu, arn, "\"messageReviewHandler\":{\"fallbackResult\":\"DENY\"}");
    struct reply moved =
        update(emu, arn, "\"messageReviewHandler\":{\"uri\":\"" LAMBDA "-2\"}");
    struct reply same = update(emu, arn, "\"messageReviewHandler\":{}");

    assert_json(denies, "messageReviewHandler",
                "{\"uri\":\"" LAMBDA "\",\"fallbackResult\":\"DENY\"}");
    assert_json(moved, "messageReviewHandler",
                "{\"uri\":\"" LAMBDA "-2\",\"fallbackResult\":\"DENY\"}");
    assert_true(cJSON_Compare(same.body, moved.body, true));
}

static void an_empty_handler_counts_as_absent(void **state)
{
    struct emulator *emu = *state;

    struct reply empty = create(emu, "\"messageReviewHandler\":{}");
    struct reply fallback =
        create(emu, "\"messageReviewHandler\":{\"fallbackResult\":\"DENY\"}");

    assert_success(empty, 200);
    assert_false(reply_has(empty, "messageReviewHandler"));
    assert_json(fallback, "messageReviewHandler",
                "{\"uri\":\"\",\"fallbackResult\":\"DENY\"}");
}

static void a_handler_is_the_arn_of_a_lambda_function(void **state)
{
    static const struct {
        const char *uri;
        int status;
    } cases[] = {
        {LAMBDA ":1",                                            200},
        {LAMBDA " with spaces/and-slashes",                      200},
        {"arn:aws:lambda:eu-west-1:123456789012:function:x",     200},
        {"arn:aws:lambda:us-east-1:000000000000:function:",      400},
        {"arn:aws:lambda:us-east-1:00000000000:function:x",      400},
        {"arn:aws:lambda:us-east-1:0000000000000:function:x",    400},
        {"arn:aws:lambda::000000000000:function:x",              400},
        {"arn:aws:lambda:US:000000000000:function:x",            400},
        {"arn:aws:lambda:us-east-1:000000000000:layer:x",        400},
        {"arn:aws:lambda:us-east-1:000000000000:function:x\\ny", 400},
        {"arn:aws:sns:us-east-1:000000000000:function:x",        400},
        {"review",                                               400},
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply =
            create(emu, emulator_printf(emu, "\"messageReviewHandler\":{\"uri\":\"%s\"}",
                                        cases[i].uri));
        if (reply.status != cases[i].status)
            fail_msg("%s: %d", cases[i].uri, reply.status);
    }
}

static void an_empty_list_removes_all_logging(void **state)
{
    struct emulator *emu = *state;
    const char *logging = create_logging(emu);
    const char *arn = create_room(
        emu,
        emulator_printf(emu, "\"loggingConfigurationIdentifiers\":[\"%s\"]", logging));

    struct reply reply = update(emu, arn, "\"loggingConfigurationIdentifiers\":[]");

    assert_success(reply, 200);
    assert_false(reply_has(reply, "loggingConfigurationIdentifiers"));
    assert_false(reply_has(get(emu, arn), "loggingConfigurationIdentifiers"));
    assert_success(emulator_call(emu, REGION, "DeleteLoggingConfiguration",
                                 "{\"identifier\":\"%s\"}", logging),
                   204);
}

static void an_update_replaces_the_logging_in_its_order(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_logging(emu), *two = create_logging(emu),
               *three = create_logging(emu);
    const char *arn = create_room(
        emu, emulator_printf(emu, "\"loggingConfigurationIdentifiers\":[\"%s\",\"%s\"]",
                             one, two));

    struct reply reply = update(
        emu, arn,
        emulator_printf(emu, "\"loggingConfigurationIdentifiers\":[\"%s\",\"%s\",\"%s\"]",
                        three, one, two));

    assert_json(reply, "loggingConfigurationIdentifiers", "[\"%s\",\"%s\",\"%s\"]", three,
                one, two);
    assert_true(cJSON_Compare(get(emu, arn).body, reply.body, true));
}

static void a_logging_configuration_that_is_given_twice_counts_once(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_logging(emu), *two = create_logging(emu);

    struct reply reply = create(
        emu,
        emulator_printf(emu, "\"loggingConfigurationIdentifiers\":[\"%s\",\"%s\",\"%s\"]",
                        one, two, one));

    assert_success(reply, 200);
    assert_json(reply, "loggingConfigurationIdentifiers", "[\"%s\",\"%s\"]", one, two);
}

static void a_logging_configuration_must_exist(void **state)
{
    struct emulator *emu = *state;
    const char *logging = create_logging(emu);
    const char *arn = create_room(
        emu,
        emulator_printf(emu, "\"loggingConfigurationIdentifiers\":[\"%s\"]", logging));
    struct reply before = get(emu, arn);

    struct reply created =
        create(emu, "\"loggingConfigurationIdentifiers\":[\"" NO_CONFIGURATION "\"]");
    struct reply updated =
        update(emu, arn,
               emulator_printf(emu, "\"loggingConfigurationIdentifiers\":[\"%s\",\"%s\"]",
                               logging, NO_CONFIGURATION));
    struct reply elsewhere =
        emulator_call(emu, "eu-west-1", "CreateRoom",
                      "{\"loggingConfigurationIdentifiers\":[\"%s\"]}", logging);

    assert_error_says(created, 404, "ResourceNotFoundException",
                      "Resource: " NO_CONFIGURATION " not found");
    assert_error(updated, 404, "ResourceNotFoundException");
    assert_error(elsewhere, 404, "ResourceNotFoundException");
    assert_true(cJSON_Compare(get(emu, arn).body, before.body, true));
}

static void a_logging_configuration_that_is_being_deleted_is_not_found(void **state)
{
    struct emulator *emu = *state;
    const char *logging = create_logging(emu);
    assert_success(emulator_call(emu, REGION, "DeleteLoggingConfiguration",
                                 "{\"identifier\":\"%s\"}", logging),
                   204);

    struct reply reply =
        create(emu, emulator_printf(emu, "\"loggingConfigurationIdentifiers\":[\"%s\"]",
                                    logging));

    assert_error(reply, 404, "ResourceNotFoundException");
}

static void existence_is_checked_before_what_the_room_refers_to(void **state)
{
    static const char no_room[] =
        "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh";
    struct emulator *emu = *state;

    struct reply reply = update(
        emu, no_room, "\"loggingConfigurationIdentifiers\":[\"" NO_CONFIGURATION "\"]");

    assert_error_says(reply, 404, "ResourceNotFoundException",
                      emulator_printf(emu, "Resource: %s not found", no_room));
}

static void an_identifier_is_an_arn_of_a_room(void **state)
{
    static const char *const identifiers[] = {"abcdABCDefgh", NO_CONFIGURATION, ""};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(identifiers); i++)
        assert_error(get(emu, identifiers[i]), 400, "ValidationException");
}

static void names_need_not_differ(void **state)
{
    struct emulator *emu = *state;

    const char *one = create_room(emu, "\"name\":\"lobby\"");
    const char *two = create_room(emu, "\"name\":\"lobby\"");

    assert_string_not_equal(one, two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(an_empty_input_makes_a_room_of_defaults),
        EMULATOR_TEST(a_room_shows_everything_that_was_given),
        EMULATOR_TEST(members_are_in_the_order_of_the_model),
        EMULATOR_TEST(times_have_milliseconds),
        EMULATOR_TEST(an_update_changes_only_what_is_given),
        EMULATOR_TEST(an_empty_name_is_no_name),
        EMULATOR_TEST(a_handler_that_is_removed_stays_with_an_empty_uri),
        EMULATOR_TEST(a_member_of_the_handler_that_is_not_given_stays),
        EMULATOR_TEST(an_empty_handler_counts_as_absent),
        EMULATOR_TEST(a_handler_is_the_arn_of_a_lambda_function),
        EMULATOR_TEST(an_empty_list_removes_all_logging),
        EMULATOR_TEST(an_update_replaces_the_logging_in_its_order),
        EMULATOR_TEST(a_logging_configuration_that_is_given_twice_counts_once),
        EMULATOR_TEST(a_logging_configuration_must_exist),
        EMULATOR_TEST(a_logging_configuration_that_is_being_deleted_is_not_found),
        EMULATOR_TEST(existence_is_checked_before_what_the_room_refers_to),
        EMULATOR_TEST(an_identifier_is_an_arn_of_a_room),
        EMULATOR_TEST(names_need_not_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
