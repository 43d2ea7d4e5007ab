/*
 * PutFault, ListFaults, DeleteFault: which faults apply to which calls, how often, and
 * with what effect.
 */
#include "api/errors.h"
#include "faults/faults.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

/* The members that name the default scope. */
#define OWNER "\"account\":\"000000000000\",\"region\":\"us-east-1\""

static const struct scope other_account = {.account = "123456789012", .region = REGION};

/* Calls PutFault with these members, which must succeed. Returns the id. */
static const char *put(struct emulator *emu, const char *members)
{
    struct reply reply = emulator_call(emu, REGION, "PutFault", "{%s}", members);

    assert_success(reply, 200);
    return reply_string(reply, "faultId");
}

static struct reply list_channels(struct emulator *emu)
{
    return emulator_call(emu, REGION, "ListChannels", "{}");
}

static struct reply get_channel(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", arn);
}

static int fault_count(struct emulator *emu)
{
    return reply_count(emulator_call(emu, REGION, "ListFaults", "{}"), "faults");
}

static void every_error_of_the_services_can_be_returned(void **state)
{
    static const struct {
        const char *name;
        int status;
        const char *message;
    } errors[] = {
        {"AccessDeniedException",         403,
         "User does not have sufficient access to perform this action."                       },
        {"ChannelNotBroadcasting",        404,
         "The stream is offline for the given channel ARN."                                   },
        {"ConflictException",             409,
         "Updating or deleting a resource can cause an inconsistent state."                   },
        {"InternalServerException",       500,
         "Unexpected error during processing of request."                                     },
        {"PendingVerification",           403,
         "Your account is pending verification. Until the verification process is "
         "complete, you may not be able to carry out requests with this account. If you "
         "have questions, contact AWS Support."                                               },
        {"ResourceNotFoundException",     404,
         "Request references a resource which does not exist."                                },
        {"ServiceQuotaExceededException", 402,
         "Request would cause a service quota to be exceeded."                                },
        {"ServiceUnavailable",            503, "The service is temporarily unavailable."      },
        {"StreamUnavailable",             503, "The stream is temporarily unavailable."       },
        {"ThrottlingException",           429, "Request was denied due to request throttling."},
        {"ValidationException",           400,
         "The input fails to satisfy the constraints specified by an Amazon Web Services "
         "service."                                                                           },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(errors); i++) {
        put(emu, emulator_printf(emu, "\"operation\":\"*\",\"error\":\"%s\",\"times\":1",
                                 errors[i].name));
        assert_error_says(list_channels(emu), errors[i].status, errors[i].name,
                          errors[i].message);
    }
    assert_success(list_channels(emu), 200);
}

static void a_fault_returns_the_given_message(void **state)
{
    struct emulator *emu = *state;

    put(emu, "\"operation\":\"ListChannels\",\"error\":\"ThrottlingException\","
             "\"message\":\"Slow down\"");

    struct reply reply = list_channels(emu);
    assert_error_says(reply, 429, "ThrottlingException", "Slow down");
    assert_string_equal(reply_string(reply, "exceptionMessage"), "Slow down");
}

static void a_call_with_a_fault_does_not_run(void **state)
{
    struct emulator *emu = *state;

    put(emu, "\"operation\":\"CreateChannel\",\"error\":\"InternalServerException\"");

    assert_error(emulator_call(emu, REGION, "CreateChannel", "{}"), 500,
                 "InternalServerException");
    assert_int_equal(reply_count(list_channels(emu), "channels"), 0);
}

static void a_fault_is_applied_count_times_and_then_deleted(void **state)
{
    struct emulator *emu = *state;

    put(emu,
        "\"operation\":\"ListChannels\",\"error\":\"ConflictException\",\"times\":2");

    assert_error(list_channels(emu), 409, "ConflictException");
    assert_int_equal(fault_count(emu), 1);
    assert_error(list_channels(emu), 409, "ConflictException");
    assert_success(list_channels(emu), 200);
    assert_int_equal(fault_count(emu), 0);
}

static void a_fault_applies_only_to_its_operation(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    put(emu, "\"operation\":\"GetChannel\",\"error\":\"ConflictException\"");

    assert_success(list_channels(emu), 200);
    assert_error(get_channel(emu, arn), 409, "ConflictException");
}

static void
a_star_strikes_operations_of_the_services_but_not_the_control_api(void **state)
{
    struct emulator *emu = *state;

    const char *id = put(emu, "\"operation\":\"*\",\"error\":\"ConflictException\"");

    assert_error(list_channels(emu), 409, "ConflictException");
    assert_error(emulator_call(emu, REGION, "ListStreams", "{}"), 409,
                 "ConflictException");
    assert_success(emulator_call(emu, REGION, "DeleteFault", "{\"faultId\":\"%s\"}", id),
                   204);
    assert_success(list_channels(emu), 200);
}

static void a_fault_of_a_resource_applies_to_every_call_that_names_it(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *other = create_channel(emu, REGION, "attic");
    const char *tags = emulator_printf(emu, "/tags/%s", arn);

    put(emu, emulator_printf(emu,
                             "\"operation\":\"*\",\"error\":\"ConflictException\","
                             "\"resourceArn\":\"%s\"",
                             arn));

    assert_success(list_channels(emu), 200);
    assert_success(get_channel(emu, other), 200);
    assert_error(get_channel(emu, arn), 409, "ConflictException");
    assert_error(emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn),
                 409, "ConflictException");
    assert_error(emulator_call(emu, REGION, "BatchGetChannel",
                               "{\"arns\":[\"%s\",\"%s\"]}", other, arn),
                 409, "ConflictException");
    assert_error(emulator_request(emu, emu->settings.default_scope, "GET", tags, "", 0),
                 409, "ConflictException");
}

static void a_fault_is_applied_before_the_input_is_checked(void **state)
{
    struct emulator *emu = *state;

    put(emu, "\"operation\":\"*\",\"error\":\"ThrottlingException\",\"times\":2");

    assert_error(emulator_request(emu, emu->settings.default_scope, "POST", "/GetChannel",
                                  "no json", 7),
                 429, "ThrottlingException");
    assert_error(emulator_call(emu, REGION, "GetChannel", "{}"), 429,
                 "ThrottlingException");
    assert_error(emulator_call(emu, REGION, "GetChannel", "{}"), 400,
                 "ValidationException");
}

static void faults_of_another_account_are_not_applied(void **state)
{
    struct emulator *emu = *state;

    put(emu, "\"operation\":\"*\",\"error\":\"ConflictException\"");

    assert_success(emulator_call_as(emu, other_account, "ListChannels", "{}"), 200);
    assert_success(emulator_call(emu, "eu-west-1", "ListChannels", "{}"), 200);
    assert_int_equal(
        reply_count(emulator_call_as(emu, other_account, "ListFaults", "{}"), "faults"),
        0);
}

static void the_first_matching_fault_is_applied(void **state)
{
    struct emulator *emu = *state;

    put(emu, "\"operation\":\"*\",\"error\":\"ConflictException\",\"times\":1");
    put(emu, "\"operation\":\"*\",\"error\":\"ThrottlingException\",\"times\":1");

    assert_error(list_channels(emu), 409, "ConflictException");
    assert_error(list_channels(emu), 429, "ThrottlingException");
    assert_success(list_channels(emu), 200);
}

/* To which of 200 calls a fault of that probability is applied, as text. */
static const char *dice_of(struct emulator *emu, const char *probability, int *struck)
{
    char *text = emulator_printf(emu, "%200s", "");

    put(emu,
        emulator_printf(
            emu, "\"operation\":\"*\",\"error\":\"ConflictException\",\"probability\":%s",
            probability));
    *struck = 0;
    for (int i = 0; i < 200; i++) {
        bool strikes = list_channels(emu).error != NULL;
        text[i] = strikes ? 'x' : '.';
        *struck += strikes;
    }
    return text;
}

static void the_random_outcomes_of_a_seed_repeat(void **state)
{
    struct emulator *emu = *state;
    void *again;
    int struck, struck_again;

    const char *first = dice_of(emu, "0.5", &struck);
    assert_int_equal(emulator_setup(&again), 0);
    const char *second = dice_of(again, "0.5", &struck_again);

    assert_string_equal(first, second);
    assert_int_equal(struck, struck_again);
    /* 65 and 135 are five standard deviations off. */
    assert_in_range(struck, 65, 135);
    emulator_teardown(&again);
}

static void a_fault_of_probability_zero_is_never_applied(void **state)
{
    struct emulator *emu = *state;
    int struck;

    dice_of(emu, "0", &struck);

    assert_int_equal(struck, 0);
}

static void a_fault_is_listed_with_its_members_and_its_number_of_uses(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *first =
        put(emu, emulator_printf(emu,
                                 "\"operation\":\"GetChannel\",\"error\":\"Conflict"
                                 "Exception\",\"message\":\"no\",\"latencyMs\":1,"
                                 "\"times\":3,\"connection\":\"TRUNCATE\","
                                 "\"resourceArn\":\"%s\"",
                                 arn));
    const char *second = put(emu, "\"operation\":\"*\",\"connection\":\"GATEWAY\","
                                  "\"probability\":0.25");
    assert_error(get_channel(emu, arn), 409, "ConflictException");

    assert_json(emulator_call(emu, REGION, "ListFaults", "{}"), "faults",
                "[{\"faultId\":\"%s\",\"operation\":\"GetChannel\",\"error\":\"Conflict"
                "Exception\",\"message\":\"no\",\"connection\":\"TRUNCATE\","
                "\"latencyMs\":1,\"times\":2,\"probability\":1,\"resourceArn\":\"%s\","
                "\"struck\":1," OWNER "},"
                "{\"faultId\":\"%s\",\"operation\":\"*\",\"connection\":\"GATEWAY\","
                "\"latencyMs\":0,\"probability\":0.25,\"struck\":0," OWNER "}]",
                first, arn, second);
}

static void a_fault_of_deliveries_is_listed_with_its_members(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *drop = put(emu, "\"delivery\":\"DROP\"");
    const char *delay =
        put(emu, emulator_printf(emu,
                                 "\"delivery\":\"DELAY\",\"latencyMs\":5,\"times\":2,"
                                 "\"detailType\":\"IVS Stream State Change\","
                                 "\"eventName\":\"Stream End\",\"probability\":0.5,"
                                 "\"resourceArn\":\"%s\"",
                                 arn));

    assert_json(emulator_call(emu, REGION, "ListFaults", "{}"), "faults",
                "[{\"faultId\":\"%s\",\"delivery\":\"DROP\",\"latencyMs\":0,"
                "\"probability\":1,\"struck\":0," OWNER "},"
                "{\"faultId\":\"%s\",\"delivery\":\"DELAY\",\"latencyMs\":5,"
                "\"detailType\":\"IVS Stream State Change\","
                "\"eventName\":\"Stream End\",\"times\":2,\"probability\":0.5,"
                "\"resourceArn\":\"%s\",\"struck\":0," OWNER "}]",
                drop, delay, arn);
    /* It applies to no call. */
    assert_success(get_channel(emu, arn), 200);
}

static void an_invalid_fault_of_deliveries_is_refused(void **state)
{
    static const struct {
        const char *members;
        const char *message; /* its beginning */
    } cases[] = {
        {"\"times\":1",                                                             "PutFault requires exactly one of operation, delivery and frame"},
        {"\"operation\":\"*\",\"delivery\":\"DROP\"",
         "PutFault requires exactly one of operation, delivery and frame"                                                                           },
        {"\"delivery\":\"DROP\",\"error\":\"ConflictException\"",
         "PutFault.error cannot be combined with delivery"                                                                                          },
        {"\"delivery\":\"DROP\",\"message\":\"x\"",
         "PutFault.message cannot be combined with delivery"                                                                                        },
        {"\"delivery\":\"DROP\",\"connection\":\"CLOSE\"",
         "PutFault.connection cannot be combined with delivery"                                                                                     },
        {"\"delivery\":\"DELAY\"",                                                  "PutFault.delivery DELAY requires latencyMs"                    },
        {"\"delivery\":\"REORDER\",\"latencyMs\":1",
         "PutFault.latencyMs requires delivery DELAY"                                                                                               },
        {"\"operation\":\"*\",\"latencyMs\":1,\"eventName\":\"Stream End\"",
         "PutFault.eventName cannot be combined with operation"                                                                                     },
        {"\"operation\":\"*\",\"latencyMs\":1,\"detailType\":\"IVS Limit Breach\"",
         "PutFault.detailType cannot be combined with operation"                                                                                    },
        {"\"delivery\":\"DROP\",\"detailType\":\"IVS Stream State\"",
         "PutFault.detailType: there is no detail type IVS Stream State. Did you mean "
         "IVS "
         "Stream State Change? Valid names are IVS Stream State Change, "                                                                           },
        {"\"delivery\":\"DROP\",\"eventName\":\"Stream Stop\"",
         "PutFault.eventName: there is no event Stream Stop. "                                                                                      },
        {"\"delivery\":\"DROP\",\"detailType\":\"IVS Stream Health Change\","
         "\"eventName\":\"Stream End\"",                                   "PutFault.eventName: there is no event Stream End of IVS Stream Health Change. "
         "Valid names are Starvation "
         "Start, Starvation End"                                                                   },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_error_begins(
            emulator_call(emu, REGION, "PutFault", "{%s}", cases[i].members), 400,
            "ValidationException", cases[i].message);
    assert_int_equal(fault_count(emu), 0);
}

static void faults_are_deleted_by_id_or_all_at_once(void **state)
{
    struct emulator *emu = *state;
    const char *first = put(emu, "\"operation\":\"*\",\"latencyMs\":1");
    put(emu, "\"operation\":\"*\",\"latencyMs\":2");
    put(emu, "\"operation\":\"*\",\"latencyMs\":3");

    assert_success(
        emulator_call(emu, REGION, "DeleteFault", "{\"faultId\":\"%s\"}", first), 204);
    assert_int_equal(fault_count(emu), 2);
    assert_error_says(
        emulator_call(emu, REGION, "DeleteFault", "{\"faultId\":\"%s\"}", first), 404,
        "ResourceNotFoundException", emulator_printf(emu, "Fault: %s not found", first));
    assert_success(emulator_call(emu, REGION, "DeleteFault", "{\"all\":true}"), 204);
    assert_int_equal(fault_count(emu), 0);
    assert_success(emulator_call(emu, REGION, "DeleteFault", "{\"all\":true}"), 204);
}

static void all_faults_are_deleted_on_request_only(void **state)
{
    static const char *const inputs[] = {"{}", "{\"all\":false}",
                                         "{\"all\":true,\"faultId\":\"x\"}"};
    struct emulator *emu = *state;
    put(emu, "\"operation\":\"*\",\"latencyMs\":1");

    for (size_t i = 0; i < COUNT_OF(inputs); i++)
        assert_error_says(emulator_call(emu, REGION, "DeleteFault", "%s", inputs[i]), 400,
                          "ValidationException",
                          "DeleteFault requires either faultId or \"all\": true");

    assert_int_equal(fault_count(emu), 1);
}

static void reset_deletes_the_callers_faults(void **state)
{
    struct emulator *emu = *state;
    put(emu, "\"operation\":\"*\",\"latencyMs\":1");
    assert_success(emulator_call_as(emu, other_account, "PutFault",
                                    "{\"operation\":\"*\",\"latencyMs\":1}"),
                   200);

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    assert_int_equal(fault_count(emu), 0);
    assert_int_equal(
        reply_count(emulator_call_as(emu, other_account, "ListFaults", "{}"), "faults"),
        1);
    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":true}"), 204);
    assert_int_equal(
        reply_count(emulator_call_as(emu, other_account, "ListFaults", "{}"), "faults"),
        0);
}

static void an_invalid_fault_is_refused(void **state)
{
    static const struct {
        const char *members;
        const char *message;
    } cases[] = {
        {"\"operation\":\"*\"",
         "PutFault requires error, errorCode, connection or latencyMs"       },
        {"\"operation\":\"*\",\"message\":\"x\",\"latencyMs\":1",
         "PutFault.message requires error or errorCode"                      },
        {"\"operation\":\"*\",\"error\":\"ConflictException\",\"connection\":\"CLOSE\"",
         "PutFault.error cannot be combined with connection CLOSE or GATEWAY"},
        {"\"operation\":\"*\",\"latencyMs\":1,\"resourceArn\":\"lobby\"",
         "PutFault.resourceArn must be an ARN"                               },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_error_says(
            emulator_call(emu, REGION, "PutFault", "{%s}", cases[i].members), 400,
            "ValidationException", cases[i].message);
    assert_int_equal(fault_count(emu), 0);
}

static void an_invalid_fault_of_chat_is_refused(void **state)
{
    static const struct {
        const char *members;
        const char *message;
    } cases[] = {
        {"\"frame\":\"DELAY\"",                                                         "PutFault.frame DELAY requires latencyMs"},
        {"\"frame\":\"DROP\",\"latencyMs\":1",                                          "PutFault.latencyMs requires frame DELAY"},
        {"\"frame\":\"DROP\",\"error\":\"ConflictException\"",
         "PutFault.error cannot be combined with frame"                                                                          },
        {"\"operation\":\"SEND_MESSAGE\",\"errorCode\":406,\"frameType\":\"MESSAGE\"",
         "PutFault.frameType cannot be combined with operation"                                                                  },
        {"\"delivery\":\"DROP\",\"userId\":\"ann\"",
         "PutFault.userId cannot be combined with delivery"                                                                      },
        {"\"operation\":\"GetRoom\",\"errorCode\":406",
         "PutFault.errorCode requires an operation of a WebSocket, such as "
         "ivschat:SEND_MESSAGE"                                                                                                  },
        {"\"operation\":\"ivschat:*\",\"errorCode\":406",
         "PutFault.errorCode requires an operation of a WebSocket, such as "
         "ivschat:SEND_MESSAGE"                                                                                                  },
        {"\"operation\":\"Connect\",\"errorCode\":401,\"error\":\"ConflictException\"",
         "PutFault.errorCode cannot be combined with error"                                                                      },
        {"\"operation\":\"Connect\",\"errorCode\":401,\"connection\":\"CLOSE\"",
         "PutFault.errorCode cannot be combined with connection CLOSE or GATEWAY"                                                },
        {"\"operation\":\"ivschat:SEND_MESSAGE\",\"connection\":\"TRUNCATE\"",
         "PutFault.connection must be CLOSE for an operation of a WebSocket"                                                     },
        {"\"operation\":\"Connect\",\"errorCode\":399",
         "PutFault.errorCode must be between 400 and 599"                                                                        },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_error_says(
            emulator_call(emu, REGION, "PutFault", "{%s}", cases[i].members), 400,
            "ValidationException", cases[i].message);
    assert_int_equal(fault_count(emu), 0);
}

static void a_misspelt_action_is_refused_with_its_name(void **state)
{
    struct emulator *emu = *state;

    assert_error_begins(emulator_call(emu, REGION, "PutFault",
                                      "{\"operation\":\"ivschat:SEND_MESAGE\","
                                      "\"errorCode\":406}"),
                        400, "ValidationException",
                        "PutFault.operation: There is no operation ivschat:SEND_MESAGE. "
                        "Did you mean SEND_MESSAGE?");
}

static void a_fault_of_chat_is_listed_as_it_was_put(void **state)
{
    struct emulator *emu = *state;

    put(emu, "\"frame\":\"DROP\",\"frameType\":\"EVENT\",\"userId\":\"ann\"");
    put(emu, "\"operation\":\"Connect\",\"errorCode\":401,\"message\":\"no\"");
    struct reply list = emulator_call(emu, REGION, "ListFaults", "{}");
    assert_string_equal(reply_string(list, "faults.0.frame"), "DROP");
    assert_string_equal(reply_string(list, "faults.0.frameType"), "EVENT");
    assert_string_equal(reply_string(list, "faults.0.userId"), "ann");
    assert_false(reply_has(list, "faults.0.operation"));
    assert_int_equal(reply_int(list, "faults.1.errorCode"), 401);
    assert_string_equal(reply_string(list, "faults.1.message"), "no");
}

static void an_account_and_region_has_at_most_a_hundred_faults(void **state)
{
    struct emulator *emu = *state;
    for (int i = 0; i < FAULTS_MAX_IN_SCOPE; i++)
        put(emu, "\"operation\":\"*\",\"latencyMs\":1");

    assert_error(
        emulator_call(emu, REGION, "PutFault", "{\"operation\":\"*\",\"latencyMs\":1}"),
        402, "ServiceQuotaExceededException");
    assert_success(emulator_call_as(emu, other_account, "PutFault",
                                    "{\"operation\":\"*\",\"latencyMs\":1}"),
                   200);
    assert_int_equal(fault_count(emu), FAULTS_MAX_IN_SCOPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(every_error_of_the_services_can_be_returned),
        EMULATOR_TEST(a_fault_returns_the_given_message),
        EMULATOR_TEST(a_call_with_a_fault_does_not_run),
        EMULATOR_TEST(a_fault_is_applied_count_times_and_then_deleted),
        EMULATOR_TEST(a_fault_applies_only_to_its_operation),
        EMULATOR_TEST(a_star_strikes_operations_of_the_services_but_not_the_control_api),
        EMULATOR_TEST(a_fault_of_a_resource_applies_to_every_call_that_names_it),
        EMULATOR_TEST(a_fault_is_applied_before_the_input_is_checked),
        EMULATOR_TEST(faults_of_another_account_are_not_applied),
        EMULATOR_TEST(the_first_matching_fault_is_applied),
        EMULATOR_TEST(the_random_outcomes_of_a_seed_repeat),
        EMULATOR_TEST(a_fault_of_probability_zero_is_never_applied),
        EMULATOR_TEST(a_fault_is_listed_with_its_members_and_its_number_of_uses),
        EMULATOR_TEST(a_fault_of_deliveries_is_listed_with_its_members),
        EMULATOR_TEST(an_invalid_fault_of_deliveries_is_refused),
        EMULATOR_TEST(faults_are_deleted_by_id_or_all_at_once),
        EMULATOR_TEST(all_faults_are_deleted_on_request_only),
        EMULATOR_TEST(reset_deletes_the_callers_faults),
        EMULATOR_TEST(an_invalid_fault_is_refused),
        EMULATOR_TEST(an_invalid_fault_of_chat_is_refused),
        EMULATOR_TEST(a_misspelt_action_is_refused_with_its_name),
        EMULATOR_TEST(a_fault_of_chat_is_listed_as_it_was_put),
        EMULATOR_TEST(an_account_and_region_has_at_most_a_hundred_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
