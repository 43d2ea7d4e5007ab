/*
 * The control API refuses what it does not know, and says what it knows. The API of AWS
 * ignores unknown members.
 */
#include "base/attrs.h"

#include <string.h>

#include "support/cmocka_all.h"
#include "support/emulator.h"

#define REGION "us-east-1"

static void an_unknown_member_or_name_is_refused(void **state)
{
    static const struct {
        const char *operation, *input;
        const char *message; /* its beginning */
    } cases[] = {
        {"DeleteFault",  "\"faultID\":\"x\"",
         "DeleteFault.faultID is unknown. Did you mean faultId? Valid names are faultId, "
         "all"                                                                                                     },
        {"PutFault",     "\"operation\":\"*\",\"latencyMs\":1,\"time\":1",
         "PutFault.time is unknown. Did you mean times? Valid names are operation, "                               },
        {"PutFault",     "\"operation\":\"*\",\"latencyMs\":1,\"status\":null",
         "PutFault.status is unknown. Valid names are operation, "                                                 },
        {"Reset",        "\"allAcounts\":true",
         "Reset.allAcounts is unknown. Did you mean allAccounts? "                                                 },
        {"StartStream",  "\"channelArn\":\"x\",\"viewers\":3",
         "StartStream.viewers is unknown. "                                                                        },
        {"StartStream",  "\"ingestConfiguration\":{\"video\":{\"videoHight\":720}}",
         "StartStream.ingestConfiguration.video.videoHight is unknown. Did you mean "
         "videoHeight? "                                                                                           },
        {"ListEvents",   "\"detailtype\":\"x\"",
         "ListEvents.detailtype is unknown. Did you mean detailType? "                                             },
        {"ListEvents",   "\"detailType\":\"IVS Stream State\"",
         "ListEvents.detailType: there is no detail type IVS Stream State. Did you mean "
         "IVS "
         "Stream State Change? Valid names are IVS "                                                               },
        {"GetClock",     "\"second\":1",                                             "GetClock.second is unknown. "},
        {"ListRequests", "\"operation\":\"CreateChanel\"",
         "ListRequests.operation: There is no operation CreateChanel. Did you mean "
         "CreateChannel? Valid names are BatchGetChannel, "                                                        },
        {"ListRequests", "\"operation\":\"PutFault\"",
         "ListRequests.operation: There is no operation PutFault. "                                                },
        {"PutFault",     "\"operation\":\"ivs:CreatChannel\",\"latencyMs\":1",
         "PutFault.operation: There is no operation ivs:CreatChannel. Did you mean "
         "CreateChannel? "                                                                                         },
        {"PutFault",     "\"operation\":\"*\",\"error\":\"Throttling\"",
         "PutFault.error: there is no error Throttling. Did you mean "
         "ThrottlingException? Valid names are "                                                                   },
        {"PutFault",     "\"operation\":\"*\",\"error\":\"AccessDenied\"",
         "PutFault.error: there is no error AccessDenied. Did you mean "
         "AccessDeniedException? "                                                                                 },
        {"PutFault",     "\"operation\":\"*\",\"error\":\"500\"",
         "PutFault.error: there is no error 500. Valid names are "                                                 },
        {"Seed",         "\"calls\":[{\"operation\":\"GetClock\",\"inputs\":{}}]",
         "Seed.calls[0].inputs is unknown. Did you mean input? "                                                   },
        {"Seed",         "\"calls\":[{\"operation\":\"CreateChanel\"}]",
         "calls[0] CreateChanel: There is no operation CreateChanel. Did you mean "
         "CreateChannel? "                                                                                         },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply =
            emulator_call(emu, REGION, cases[i].operation, "{%s}", cases[i].input);
        assert_error_begins(reply, 400, "ValidationException", cases[i].message);
    }
}

static void a_seed_refuses_unknown_members_of_aws_operations(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "Seed",
                                       "{\"calls\":[{\"operation\":\"CreateChannel\","
                                       "\"input\":{\"nam\":\"lobby\"}}]}");

    assert_error_begins(reply, 400, "ValidationException",
                        "calls[0] CreateChannel: CreateChannel.nam is unknown. Did you "
                        "mean name? ");
    assert_success(emulator_call(emu, REGION, "CreateChannel", "{\"nam\":\"lobby\"}"),
                   200);
}

static void a_refused_call_changes_nothing(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "lobby");

    assert_error(emulator_call(emu, REGION, "Reset", "{\"allAcounts\":true}"), 400,
                 "ValidationException");

    assert_int_equal(
        reply_count(emulator_call(emu, REGION, "ListChannels", "{}"), "channels"), 1);
}

static void invalid_json_is_located(void **state)
{
    static const char body[] = "{\"operation\": \"*\",\n \"latencyMs\": 1,}";
    struct emulator *emu = *state;
    struct scope scope = emu->settings.default_scope;

    assert_error_says(
        emulator_request(emu, scope, "POST", "/_ivs-local/PutFault", body, strlen(body)),
        400, "SerializationException", "The body is not valid JSON (line 2, column 17)");
    /* AWS does not locate it. */
    assert_error_says(
        emulator_request(emu, scope, "POST", "/CreateChannel", body, strlen(body)), 400,
        "SerializationException", "The body is not valid JSON");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(an_unknown_member_or_name_is_refused),
        EMULATOR_TEST(a_seed_refuses_unknown_members_of_aws_operations),
        EMULATOR_TEST(a_refused_call_changes_nothing),
        EMULATOR_TEST(invalid_json_is_located),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
