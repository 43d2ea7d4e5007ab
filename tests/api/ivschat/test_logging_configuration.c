/*
 * CreateLoggingConfiguration, GetLoggingConfiguration, UpdateLoggingConfiguration,
 * DeleteLoggingConfiguration, and the states of a configuration.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define S3(bucket) "{\"s3\":{\"bucketName\":\"" bucket "\"}}"

static struct reply create_at(struct emulator *emu, const char *destination)
{
    return emulator_call(emu, REGION, "CreateLoggingConfiguration",
                         "{\"destinationConfiguration\":%s}", destination);
}

static struct reply get(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "GetLoggingConfiguration",
                         "{\"identifier\":\"%s\"}", arn);
}

static struct reply update(struct emulator *emu, const char *arn, const char *members)
{
    return emulator_call(emu, REGION, "UpdateLoggingConfiguration",
                         "{\"identifier\":\"%s\"%s%s}", arn,
                         members[0] != '\0' ? "," : "", members);
}

static struct reply delete_one(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "DeleteLoggingConfiguration",
                         "{\"identifier\":\"%s\"}", arn);
}

static const char *state_of(struct emulator *emu, const char *arn)
{
    return reply_string(get(emu, arn), "state");
}

/* Moves the clock to where every change in progress has ended. */
static void settle(struct emulator *emu)
{
    (void)emulator_advance(emu, emu->settings.transitions_ms);
}

/* A configuration that is settled. */
static const char *create_settled(struct emulator *emu, const char *destination)
{
    struct reply reply = create_at(emu, destination);

    assert_success(reply, 200);
    settle(emu);
    return reply_string(reply, "arn");
}

static void assert_in_transition(struct emulator *emu, struct reply reply,
                                 const char *arn, const char *which)
{
    assert_error_says(reply, 409, "ConflictException",
                      emulator_printf(emu, "Resource: %s is %s", arn, which));
}

static void a_destination_is_enough_for_a_configuration(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = create_at(emu, S3("demo-logging-bucket"));

    assert_success(reply, 200);
    const char *arn = reply_string(reply, "arn");
    assert_json(
        reply, "",
        "{\"arn\":\"%s\",\"id\":\"%s\",\"createTime\":\"2021-04-07T00:00:00.000Z\","
        "\"updateTime\":\"2021-04-07T00:00:00.000Z\",\"destinationConfiguration\":"
        "{\"s3\":{\"bucketName\":\"demo-logging-bucket\"}},\"state\":\"ACTIVE\","
        "\"tags\":{}}",
        arn, strrchr(arn, '/') + 1);
}

static void each_kind_of_destination_is_shown_as_it_was_given(void **state)
{
    static const char *const destinations[] = {
        S3("demo.logging-bucket"),
        "{\"cloudWatchLogs\":{\"logGroupName\":\"/chat/Demo_1.2#a-b\"}}",
        "{\"firehose\":{\"deliveryStreamName\":\"Demo_1.2-a\"}}",
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(destinations); i++) {
        struct reply reply = create_at(emu, destinations[i]);
        assert_success(reply, 200);
        assert_json(reply, "destinationConfiguration", "%s", destinations[i]);
        assert_json(get(emu, reply_string(reply, "arn")), "destinationConfiguration",
                    "%s", destinations[i]);
    }
}

static void there_must_be_exactly_one_destination(void **state)
{
    static const char *const destinations[] = {
        "{}",
        "{\"kinesis\":{}}",
        "{\"s3\":{\"bucketName\":\"demo\"},\"firehose\":{\"deliveryStreamName\":\"a\"}}",
    };
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo"));

    for (size_t i = 0; i < COUNT_OF(destinations); i++) {
        assert_error_says(create_at(emu, destinations[i]), 400, "ValidationException",
                          "CreateLoggingConfiguration.destinationConfiguration must have "
                          "exactly one of s3, cloudWatchLogs, firehose");
        assert_error_says(update(emu, arn,
                                 emulator_printf(emu, "\"destinationConfiguration\":%s",
                                                 destinations[i])),
                          400, "ValidationException",
                          "UpdateLoggingConfiguration.destinationConfiguration must have "
                          "exactly one of "
                          "s3, cloudWatchLogs, firehose");
    }
    assert_string_equal(state_of(emu, arn), "ACTIVE");
}

static void a_null_destination_counts_as_absent(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        create_at(emu, "{\"s3\":null,\"firehose\":{\"deliveryStreamName\":\"a\"}}");

    assert_success(reply, 200);
    assert_json(reply, "destinationConfiguration",
                "{\"firehose\":{\"deliveryStreamName\":\"a\"}}");
}

static void a_new_configuration_is_creating_for_a_while(void **state)
{
    struct emulator *emu = *state;
    const char *arn = reply_string(create_at(emu, S3("demo")), "arn");

    clock_advance(emu->clock, emu->settings.transitions_ms - 1);
    const char *before = state_of(emu, arn);
    clock_advance(emu->clock, 1);
    const char *after = state_of(emu, arn);

    assert_string_equal(before, "CREATING");
    assert_string_equal(after, "ACTIVE");
}

static void an_update_is_answered_as_active_and_takes_a_while(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo"));

    struct reply reply =
        update(emu, arn,
               "\"name\":\"chat\",\"destinationConfiguration\":{\"cloudWatchLogs\":"
               "{\"logGroupName\":\"chat\"}}");

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "state"), "ACTIVE");
    assert_string_equal(reply_string(reply, "createTime"), "2021-04-07T00:00:00.000Z");
    assert_string_equal(reply_string(reply, "updateTime"), "2021-04-07T00:00:00.200Z");
    assert_string_equal(state_of(emu, arn), "UPDATING");
    settle(emu);
    assert_true(cJSON_Compare(get(emu, arn).body, reply.body, true));
}

static void an_update_changes_only_what_is_given(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo"));

    assert_success(update(emu, arn, "\"name\":\"chat\""), 200);
    settle(emu);
    struct reply same = update(emu, arn, "");

    assert_string_equal(reply_string(same, "name"), "chat");
    assert_json(same, "destinationConfiguration", S3("demo"));
    settle(emu);
    struct reply nameless = update(emu, arn, "\"name\":\"\"");
    assert_false(reply_has(nameless, "name"));
    assert_json(nameless, "destinationConfiguration", S3("demo"));
}

static void a_deletion_takes_a_while(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo"));

    assert_success(delete_one(emu, arn), 204);

    assert_string_equal(state_of(emu, arn), "DELETING");
    (void)emulator_advance(emu, emu->settings.transitions_ms - 1);
    assert_string_equal(state_of(emu, arn), "DELETING");
    assert_true(emulator_advance(emu, 1) == INT64_MAX);
    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
    assert_error(delete_one(emu, arn), 404, "ResourceNotFoundException");
}

static void a_deletion_ends_when_the_clock_is_moved(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo"));
    assert_success(delete_one(emu, arn), 204);

    assert_success(emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":1}"), 200);

    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
    assert_int_equal(
        reply_count(emulator_call(emu, REGION, "ListLoggingConfigurations", "{}"),
                    "loggingConfigurations"),
        0);
}

static void each_deletion_ends_in_its_turn(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_settled(emu, S3("one")),
               *two = create_settled(emu, S3("two"));
    int64_t half_ms = emu->settings.transitions_ms / 2;
    assert_success(delete_one(emu, two), 204);
    (void)emulator_advance(emu, half_ms);
    assert_success(delete_one(emu, one), 204);

    (void)emulator_advance(emu, half_ms);

    assert_error(get(emu, two), 404, "ResourceNotFoundException");
    assert_string_equal(state_of(emu, one), "DELETING");
    (void)emulator_advance(emu, half_ms);
    assert_error(get(emu, one), 404, "ResourceNotFoundException");
}

static void without_transitions_everything_happens_at_once(void **state)
{
    struct emulator *emu = *state;
    emu->settings.transitions_ms = 0;
    const char *arn = reply_string(create_at(emu, S3("demo")), "arn");

    const char *created = state_of(emu, arn);
    assert_success(update(emu, arn, "\"name\":\"chat\""), 200);
    const char *updated = state_of(emu, arn);
    struct reply deleted = delete_one(emu, arn);

    assert_string_equal(created, "ACTIVE");
    assert_string_equal(updated, "ACTIVE");
    assert_success(deleted, 204);
    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
}

static void a_configuration_in_transition_is_neither_updated_nor_deleted(void **state)
{
    struct emulator *emu = *state;
    const char *arn = reply_string(create_at(emu, S3("demo")), "arn");

    assert_in_transition(emu, update(emu, arn, ""), arn, "CREATING");
    assert_in_transition(emu, delete_one(emu, arn), arn, "CREATING");
    settle(emu);
    assert_success(update(emu, arn, ""), 200);
    assert_in_transition(emu, update(emu, arn, ""), arn, "UPDATING");
    assert_in_transition(emu, delete_one(emu, arn), arn, "UPDATING");
    settle(emu);
    assert_success(delete_one(emu, arn), 204);
    assert_in_transition(emu, update(emu, arn, ""), arn, "DELETING");
    assert_in_transition(emu, delete_one(emu, arn), arn, "DELETING");
}

static void a_name_makes_a_creation_fail(void **state)
{
    static const char *const destinations[] = {
        S3("demo-create-failed"),
        "{\"cloudWatchLogs\":{\"logGroupName\":\"/demo-create-failed\"}}",
        "{\"firehose\":{\"deliveryStreamName\":\"Demo-create-failed\"}}",
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(destinations); i++) {
        struct reply reply = create_at(emu, destinations[i]);
        const char *arn = reply_string(reply, "arn");
        assert_string_equal(reply_string(reply, "state"), "ACTIVE");
        assert_string_equal(state_of(emu, arn), "CREATING");
        settle(emu);
        assert_string_equal(state_of(emu, arn), "CREATE_FAILED");
        assert_success(update(emu, arn, ""), 200);
        settle(emu);
        assert_string_equal(state_of(emu, arn), "ACTIVE");
    }
    assert_string_equal(state_of(emu, create_settled(emu, S3("create-failed-demo"))),
                        "ACTIVE");
}

static void a_name_makes_an_update_fail(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo-update-failed"));
    const char *created = state_of(emu, arn);

    assert_string_equal(reply_string(update(emu, arn, "\"name\":\"chat\""), "state"),
                        "ACTIVE");
    const char *updating = state_of(emu, arn);
    settle(emu);

    assert_string_equal(created, "ACTIVE");
    assert_string_equal(updating, "UPDATING");
    assert_string_equal(state_of(emu, arn), "UPDATE_FAILED");
    assert_success(update(emu, arn, "\"destinationConfiguration\":" S3("demo")), 200);
    settle(emu);
    assert_string_equal(state_of(emu, arn), "ACTIVE");
}

static void a_name_makes_a_deletion_fail_until_it_is_changed(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo-delete-failed"));

    assert_success(delete_one(emu, arn), 204);
    const char *deleting = state_of(emu, arn);
    settle(emu);
    const char *failed = state_of(emu, arn);
    assert_success(delete_one(emu, arn), 204);
    settle(emu);
    const char *failed_again = state_of(emu, arn);
    assert_success(update(emu, arn, "\"destinationConfiguration\":" S3("demo")), 200);
    settle(emu);
    assert_success(delete_one(emu, arn), 204);
    settle(emu);

    assert_string_equal(deleting, "DELETING");
    assert_string_equal(failed, "DELETE_FAILED");
    assert_string_equal(failed_again, "DELETE_FAILED");
    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
}

static void a_configuration_in_use_cannot_be_deleted(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo"));
    const char *other = create_settled(emu, S3("other"));
    struct reply room = emulator_call(
        emu, REGION, "CreateRoom",
        "{\"loggingConfigurationIdentifiers\":[\"%s\",\"%s\"]}", other, arn);

    struct reply refused = delete_one(emu, arn);
    const char *kept = state_of(emu, arn);
    assert_success(emulator_call(emu, REGION, "UpdateRoom",
                                 "{\"identifier\":\"%s\","
                                 "\"loggingConfigurationIdentifiers\":[\"%s\"]}",
                                 reply_string(room, "arn"), other),
                   200);
    struct reply deleted = delete_one(emu, arn);

    assert_error_says(refused, 409, "ConflictException",
                      emulator_printf(emu, "Resource: %s is in use by a room", arn));
    assert_string_equal(kept, "ACTIVE");
    assert_success(deleted, 204);
    assert_error(delete_one(emu, other), 409, "ConflictException");
}

static void a_configuration_that_is_being_deleted_counts_for_the_quota(void **state)
{
    enum { QUOTA = 10 };
    struct emulator *emu = *state;
    const char *arn = NULL;
    for (int i = 0; i < QUOTA; i++)
        arn = create_settled(emu, S3("demo"));

    assert_success(delete_one(emu, arn), 204);
    struct reply during = create_at(emu, S3("demo"));
    settle(emu);
    struct reply after = create_at(emu, S3("demo"));

    assert_error(during, 402, "ServiceQuotaExceededException");
    assert_success(after, 200);
}

static void a_reset_deletes_what_is_being_deleted(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_settled(emu, S3("demo"));
    assert_success(delete_one(emu, arn), 204);

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    assert_true(emulator_advance(emu, emu->settings.transitions_ms) == INT64_MAX);
    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_destination_is_enough_for_a_configuration),
        EMULATOR_TEST(each_kind_of_destination_is_shown_as_it_was_given),
        EMULATOR_TEST(there_must_be_exactly_one_destination),
        EMULATOR_TEST(a_null_destination_counts_as_absent),
        EMULATOR_TEST(a_new_configuration_is_creating_for_a_while),
        EMULATOR_TEST(an_update_is_answered_as_active_and_takes_a_while),
        EMULATOR_TEST(an_update_changes_only_what_is_given),
        EMULATOR_TEST(a_deletion_takes_a_while),
        EMULATOR_TEST(a_deletion_ends_when_the_clock_is_moved),
        EMULATOR_TEST(each_deletion_ends_in_its_turn),
        EMULATOR_TEST(without_transitions_everything_happens_at_once),
        EMULATOR_TEST(a_configuration_in_transition_is_neither_updated_nor_deleted),
        EMULATOR_TEST(a_name_makes_a_creation_fail),
        EMULATOR_TEST(a_name_makes_an_update_fail),
        EMULATOR_TEST(a_name_makes_a_deletion_fail_until_it_is_changed),
        EMULATOR_TEST(a_configuration_in_use_cannot_be_deleted),
        EMULATOR_TEST(a_configuration_that_is_being_deleted_counts_for_the_quota),
        EMULATOR_TEST(a_reset_deletes_what_is_being_deleted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
