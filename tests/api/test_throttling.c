/*
 * Call rates: --throttling aws.
 */
#include "app/app.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

static const struct scope other_account = {.account = "123456789012", .region = REGION};

static int setup(void **state)
{
    struct emulator *emu;

    if (emulator_setup(state) != 0)
        return -1;
    emu = *state;
    emu->throttle = throttle_new();
    return 0;
}

/* The number of calls with an empty input that are accepted at once. */
static int calls_taken(struct emulator *emu, const char *operation)
{
    struct reply reply;
    int count = 0;

    do {
        reply = emulator_call(emu, REGION, operation, "{}");
        count++;
    } while (reply.status != 429 && count < 1000);
    return count - 1;
}

/* From the page "Service quotas" of the user guide. */
static void each_operation_has_its_documented_rate(void **state)
{
    static const struct {
        const char *operation;
        int rate;
    } cases[] = {
        {"GetChannel",                        5  },
        {"ListChannels",                      5  },
        {"StopStream",                        5  },
        {"ListStreamSessions",                5  },
        {"CreateStreamKey",                   5  },
        {"GetPlaybackRestrictionPolicy",      5  },
        {"ListPlaybackKeyPairs",              3  },
        {"ListRecordingConfigurations",       3  },
        {"ListAdConfigurations",              3  },
        {"InsertAdBreak",                     1  },
        {"StartViewerSessionRevocation",      10 },
        {"BatchStartViewerSessionRevocation", 2  },
        {"PutMetadata",                       155},
        {"CreateRoom",                        5  },
        {"GetRoom",                           5  },
        {"ListRooms",                         5  },
        {"UpdateRoom",                        5  },
        {"DeleteRoom",                        5  },
        {"CreateLoggingConfiguration",        3  },
        {"GetLoggingConfiguration",           3  },
        {"ListLoggingConfigurations",         3  },
        {"UpdateLoggingConfiguration",        3  },
        {"DeleteLoggingConfiguration",        3  },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(calls_taken(*state, cases[i].operation), cases[i].rate);
}

static void every_operation_of_the_service_has_a_rate(void **state)
{
    (void)state;
    for (size_t s = 0; app_services[s] != NULL; s++) {
        for (size_t i = 0; i < app_services[s]->count; i++) {
            const struct operation *op = &app_services[s]->operations[i];
            assert_int_equal(op->rate.per_account > 0,
                             app_services[s]->emulated && op->handle != NULL);
        }
    }
}

static void the_message_names_operation_rate_and_account(void **state)
{
    struct emulator *emu = *state;
    for (int i = 0; i < 5; i++)
        assert_success(emulator_call(emu, REGION, "ListChannels", "{}"), 200);

    assert_error_says(emulator_call(emu, REGION, "ListChannels", "{}"), 429,
                      "ThrottlingException",
                      "Operation: ivs:ListChannels exceeded call rate: 5 for account: "
                      "000000000000");
}

static void metadata_is_limited_for_each_channel(void **state)
{
    struct emulator *emu = *state;
    const char *arns[] = {create_channel(emu, REGION, "one"),
                          create_channel(emu, REGION, "two")};

    for (int c = 0; c < 2; c++) {
        go_live(emu, arns[c]);
        for (int i = 0; i < 5; i++)
            assert_success(emulator_call(emu, REGION, "PutMetadata",
                                         "{\"channelArn\":\"%s\",\"metadata\":\"x\"}",
                                         arns[c]),
                           204);
        struct reply reply =
            emulator_call(emu, REGION, "PutMetadata",
                          "{\"channelArn\":\"%s\",\"metadata\":\"x\"}", arns[c]);
        assert_error_says(reply, 429, "ThrottlingException",
                          emulator_printf(emu,
                                          "Operation: ivs:PutMetadata exceeded call "
                                          "rate: 5 for resource: %s",
                                          arns[c]));
    }
}

static void rates_are_per_account_and_region(void **state)
{
    struct emulator *emu = *state;
    assert_int_equal(calls_taken(emu, "ListChannels"), 5);

    assert_success(emulator_call_as(emu, other_account, "ListChannels", "{}"), 200);
    assert_success(emulator_call(emu, "eu-west-1", "ListChannels", "{}"), 200);
}

static void calls_succeed_again_after_some_time(void **state)
{
    struct emulator *emu = *state;
    assert_int_equal(calls_taken(emu, "ListChannels"), 5);

    emulator_advance(emu, 200);
    assert_int_equal(calls_taken(emu, "ListChannels"), 1);
    assert_success(emulator_call(emu, REGION, "AdvanceClock", "{\"seconds\":1}"), 200);
    assert_int_equal(calls_taken(emu, "ListChannels"), 5);
}

static void the_rate_is_checked_before_the_input(void **state)
{
    struct emulator *emu = *state;

    assert_int_equal(calls_taken(emu, "GetChannel"), 5);

    assert_error(
        emulator_request(emu, emu->settings.default_scope, "POST", "/GetChannel", "{", 1),
        429, "ThrottlingException");
}

static void a_fault_is_applied_before_the_rate_and_uses_no_token(void **state)
{
    struct emulator *emu = *state;
    assert_success(emulator_call(emu, REGION, "PutFault",
                                 "{\"operation\":\"*\",\"error\":\"ConflictException\","
                                 "\"times\":10}"),
                   200);
    for (int i = 0; i < 10; i++)
        assert_error(emulator_call(emu, REGION, "ListChannels", "{}"), 409,
                     "ConflictException");

    assert_int_equal(calls_taken(emu, "ListChannels"), 5);
}

static void the_control_api_has_no_rates(void **state)
{
    struct emulator *emu = *state;

    for (int i = 0; i < 500; i++)
        assert_success(emulator_call(emu, REGION, "ListEvents", "{}"), 200);
}

#define THROTTLED_TEST(test)                                                             \
    cmocka_unit_test_setup_teardown(test, setup, emulator_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        THROTTLED_TEST(each_operation_has_its_documented_rate),
        THROTTLED_TEST(every_operation_of_the_service_has_a_rate),
        THROTTLED_TEST(the_message_names_operation_rate_and_account),
        THROTTLED_TEST(metadata_is_limited_for_each_channel),
        THROTTLED_TEST(rates_are_per_account_and_region),
        THROTTLED_TEST(calls_succeed_again_after_some_time),
        THROTTLED_TEST(the_rate_is_checked_before_the_input),
        THROTTLED_TEST(a_fault_is_applied_before_the_rate_and_uses_no_token),
        THROTTLED_TEST(the_control_api_has_no_rates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
