/*
 * Channels: their operations, rules, pages and isolation.
 */
#include "support/emulator.h"

#include "support/cmocka_all.h"

static void channel_is_invisible_from_another_region(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, "us-east-1", "lobby");

    struct reply reply =
        emulator_call(emu, "eu-west-1", "GetChannel", "{\"arn\":\"%s\"}", arn);

    assert_error(reply, 404, "ResourceNotFoundException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(channel_is_invisible_from_another_region,
                                        emulator_setup, emulator_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
