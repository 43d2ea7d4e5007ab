/*
 * Accounts and regions.
 */
#include "base/scope.h"

#include "base/attrs.h"

#include "support/cmocka_all.h"

static void an_account_is_twelve_digits(void **state)
{
    static const char *const wrong[] = {"",
                                        "12345678901",
                                        "1234567890123",
                                        "12345678901a",
                                        "-12345678901",
                                        " 12345678901",
                                        "12345678901\n"};

    (void)state;
    assert_true(scope_is_account("000000000000"));
    assert_true(scope_is_account("123456789012"));
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(scope_is_account(wrong[i]));
}

static void a_region_is_lower_case_letters_digits_and_hyphens(void **state)
{
    static const char *const wrong[] = {
        "", "US-EAST-1", "us_east_1", "us east 1", "us-east-1.", "us/east", "\xc3\xa9"};

    (void)state;
    assert_true(scope_is_region("us-east-1"));
    assert_true(scope_is_region("a"));
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(scope_is_region(wrong[i]));
}

static void a_region_has_at_most_32_characters(void **state)
{
    (void)state;
    assert_true(scope_is_region("abcdefghijklmnopqrstuvwxyz-12345"));
    assert_false(scope_is_region("abcdefghijklmnopqrstuvwxyz-123456"));
}

static void scopes_are_equal_if_account_and_region_are(void **state)
{
    /* Not the literals themselves, whose addresses may be the same. */
    const char account[] = "123456789012", region[] = "us-west-2";
    const struct scope scope = {account, region};

    (void)state;
    assert_true(scope_equals(scope, (struct scope){"123456789012", "us-west-2"}));
    assert_false(scope_equals(scope, (struct scope){"123456789013", "us-west-2"}));
    assert_false(scope_equals(scope, (struct scope){"123456789012", "us-west-1"}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_is_twelve_digits),
        cmocka_unit_test(a_region_is_lower_case_letters_digits_and_hyphens),
        cmocka_unit_test(a_region_has_at_most_32_characters),
        cmocka_unit_test(scopes_are_equal_if_account_and_region_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
