/*
 * The members of the errors of ivschat.
 */
#include "base/throttle.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define NO_ROOM "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh"
#define S3 "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"demo\"}}}"

static struct reply get(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "GetRoom", "{%s}", members);
}

/* The response has exactly these members besides __type and the message; ends with NULL.
 */
static void assert_members(struct reply reply, const char *const *names)
{
    int count = 2;

    assert_string_equal(reply_string(reply, "__type"), reply.error);
    for (; *names != NULL; names++, count++)
        assert_true(reply_has(reply, *names));
    assert_int_equal(cJSON_GetArraySize(reply.body), count);
}

/* clang-format off */
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
/* clang-format on */

static void assert_is_about(struct reply reply, const char *id)
{
    assert_string_equal(reply_string(reply, "resourceId"), id);
    assert_string_equal(reply_string(reply, "resourceType"), "ROOM");
}

static void an_invalid_member_is_named(void **state)
{
    struct emulator *emu = *state;

    struct reply missing = get(emu, "");
    struct reply nested = emulator_call(
        emu, REGION, "CreateRoom", "{\"messageReviewHandler\":{\"uri\":\"review\"}}");

    assert_error(missing, 400, "ValidationException");
    assert_members(missing, NAMES("reason", "fieldList"));
    assert_string_equal(reply_string(missing, "reason"), "FIELD_VALIDATION_FAILED");
    assert_json(missing, "fieldList",
                "[{\"name\":\"identifier\",\"message\":"
                "\"GetRoom.identifier is a required attribute\"}]");
    assert_string_equal(reply_string(nested, "fieldList.0.name"),
                        "messageReviewHandler.uri");
}

static void rules_between_members_name_the_member_too(void **state)
{
    struct emulator *emu = *state;

    struct reply token = emulator_call(emu, REGION, "ListRooms", "{\"nextToken\":\"x\"}");
    struct reply tags =
        emulator_call(emu, REGION, "CreateRoom", "{\"tags\":{\"aws:x\":\"\"}}");
    struct reply destination = emulator_call(emu, REGION, "CreateLoggingConfiguration",
                                             "{\"destinationConfiguration\":{}}");

    assert_string_equal(reply_string(token, "fieldList.0.name"), "nextToken");
    assert_string_equal(reply_string(tags, "fieldList.0.name"), "tags");
    assert_string_equal(reply_string(destination, "fieldList.0.name"),
                        "destinationConfiguration");
}

static void what_is_missing_is_named_by_its_id(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = get(emu, "\"identifier\":\"" NO_ROOM "\"");

    assert_error(reply, 404, "ResourceNotFoundException");
    assert_members(reply, NAMES("resourceId", "resourceType"));
    assert_is_about(reply, "abcdABCDefgh");
}

static void a_logging_configuration_is_called_a_room_too(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateLoggingConfiguration", S3);
    const char *arn = reply_string(made, "arn");

    struct reply conflict = emulator_call(emu, REGION, "DeleteLoggingConfiguration",
                                          "{\"identifier\":\"%s\"}", arn);
    struct reply missing = emulator_call(
        emu, REGION, "GetLoggingConfiguration",
        "{\"identifier\":"
        "\"arn:aws:ivschat:us-east-1:000000000000:logging-configuration/abcdABCDefgh\"}");

    assert_error(conflict, 409, "ConflictException");
    assert_members(conflict, NAMES("resourceId", "resourceType"));
    assert_is_about(conflict, strrchr(arn, '/') + 1);
    assert_error(missing, 404, "ResourceNotFoundException");
    assert_is_about(missing, "abcdABCDefgh");
}

static void a_quota_that_is_used_up_has_its_number(void **state)
{
    enum { QUOTA = 10 };
    struct emulator *emu = *state;
    for (int i = 0; i < QUOTA; i++)
        assert_success(emulator_call(emu, REGION, "CreateLoggingConfiguration", S3), 200);

    struct reply reply = emulator_call(emu, REGION, "CreateLoggingConfiguration", S3);

    assert_error_says(reply, 402, "ServiceQuotaExceededException",
                      "Service quota exceeded: 10 logging configurations per region");
    assert_members(reply, NAMES("resourceId", "resourceType", "limit"));
    assert_is_about(reply, "000000000000");
    assert_int_equal(reply_int(reply, "limit"), QUOTA);
}

static void a_call_rate_that_is_exceeded_has_its_number(void **state)
{
    enum { RATE = 5 };
    struct emulator *emu = *state;
    emu->throttle = throttle_new();
    for (int i = 0; i < RATE; i++)
        assert_success(emulator_call(emu, REGION, "ListRooms", "{}"), 200);

    struct reply reply = emulator_call(emu, REGION, "ListRooms", "{}");

    assert_error_says(reply, 429, "ThrottlingException",
                      "Operation: ivschat:ListRooms exceeded call rate: 5 for account: "
                      "000000000000");
    assert_members(reply, NAMES("resourceId", "resourceType", "limit"));
    assert_is_about(reply, "000000000000");
    assert_int_equal(reply_int(reply, "limit"), RATE);
}

static void an_injected_error_has_the_members_of_its_kind(void **state)
{
    static const struct {
        const char *error;
        const char *names[4];
    } cases[] = {
        {"ValidationException",           {"reason"}                             },
        {"ResourceNotFoundException",     {"resourceId", "resourceType"}         },
        {"ConflictException",             {"resourceId", "resourceType"}         },
        {"ServiceQuotaExceededException", {"resourceId", "resourceType", "limit"}},
        {"ThrottlingException",           {"resourceId", "resourceType", "limit"}},
        {"AccessDeniedException",         {NULL}                                 },
        {"PendingVerification",           {NULL}                                 },
        {"InternalServerException",       {NULL}                                 },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_success(
            emulator_call(emu, REGION, "PutFault",
                          "{\"operation\":\"ivschat:GetRoom\",\"error\":\"%s\","
                          "\"times\":1}",
                          cases[i].error),
            200);
        struct reply reply = get(emu, "\"identifier\":\"" NO_ROOM "\"");
        assert_string_equal(reply.error, cases[i].error);
        assert_members(reply, cases[i].names);
        if (strcmp(cases[i].error, "ValidationException") == 0)
            assert_string_equal(reply_string(reply, "reason"), "OTHER");
    }
}

static void the_errors_of_ivs_are_unchanged(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "GetChannel", "{}");

    assert_error(reply, 400, "ValidationException");
    assert_members(reply, NAMES("exceptionMessage"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(an_invalid_member_is_named),
        EMULATOR_TEST(rules_between_members_name_the_member_too),
        EMULATOR_TEST(what_is_missing_is_named_by_its_id),
        EMULATOR_TEST(a_logging_configuration_is_called_a_room_too),
        EMULATOR_TEST(a_quota_that_is_used_up_has_its_number),
        EMULATOR_TEST(a_call_rate_that_is_exceeded_has_its_number),
        EMULATOR_TEST(an_injected_error_has_the_members_of_its_kind),
        EMULATOR_TEST(the_errors_of_ivs_are_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
