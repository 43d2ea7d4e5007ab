/*
 * Amazon Resource Names.
 */
#include "base/arn.h"

#include "support/cmocka_all.h"

static const struct arn_kind channel = {"ivs", "channel"};
static const struct scope home = {.account = "123456789012", .region = "us-west-2"};

static void an_arn_holds_service_region_account_type_and_id(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    assert_string_equal(arn_format(arena, &channel, home, "abcdABCDefgh"),
                        "arn:aws:ivs:us-west-2:123456789012:channel/abcdABCDefgh");
}

static void the_id_is_found_in_an_arn_of_the_scope(void **state)
{
    (void)state;
    assert_string_equal(
        arn_id(&channel, home, "arn:aws:ivs:us-west-2:123456789012:channel/abcd"),
        "abcd");
}

static void an_arn_of_something_else_has_no_id(void **state)
{
    static const char *const others[] = {
        "",
        "abcd",
        "arn:aws:ivs:us-west-2:123456789012:channel/",
        "arn:aws:ivs:us-west-2:123456789012:channel",
        "arn:aws:ivs:us-west-2:123456789012:channels/abcd",
        "arn:aws:ivs:us-west-2:123456789012:stream-key/abcd",
        "arn:aws:ivs:us-west-1:123456789012:channel/abcd",
        "arn:aws:ivs:us-west-22:123456789012:channel/abcd",
        "arn:aws:ivs:us-west-2:123456789013:channel/abcd",
        "arn:aws:ivs:us-west-2:1234567890123:channel/abcd",
        "arn:aws:ivschat:us-west-2:123456789012:channel/abcd",
        "ARN:aws:ivs:us-west-2:123456789012:channel/abcd",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_string_equal(arn_id(&channel, home, others[i]), "");
}

static void an_arn_of_the_kind_matches_in_any_scope(void **state)
{
    static const char *const arns[] = {
        "arn:aws:ivs:us-west-2:123456789012:channel/abcdABCDefgh",
        "arn:aws:ivs:x:1:channel/a",
        "arn:aws:ivs:eu-central-1:0:channel/8f5e1b3c-0000-4000-8000-000000000000",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(arns); i++)
        assert_true(arn_matches(&channel, arns[i]));
}

static void a_text_that_breaks_the_pattern_does_not_match(void **state)
{
    static const char *const texts[] = {
        "",
        "arn",
        "arn:aws:ivs:us-west-2:123456789012:channel/",
        "arn:aws:ivs:us-west-2:123456789012:channel/a/b",
        "arn:aws:ivs:us-west-2:123456789012:channel/a b",
        "arn:aws:ivs:us-west-2:123456789012:channel/a\n",
        "arn:aws:ivs:us-west-2:123456789012:channel/a_b",
        "arn:aws:ivs:us-west-2:123456789012:stream-key/a",
        "arn:aws:ivs:us-west-2:12345678901a:channel/a",
        "arn:aws:ivs:US-WEST-2:123456789012:channel/a",
        "arn:aws:ivs::123456789012:channel/a",
        "arn:aws:ivs:us-west-2::channel/a",
        "arn:aws-cn:ivs:us-west-2:123456789012:channel/a",
        " arn:aws:ivs:us-west-2:123456789012:channel/a",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_false(arn_matches(&channel, texts[i]));
}

static void an_arn_of_any_type_of_a_service_matches_by_its_form(void **state)
{
    (void)state;
    assert_true(arn_matches_service("ivs", "arn:aws:ivs:us-west-2:1:channel/a"));
    assert_true(arn_matches_service("ivs", "arn:aws:ivs:us-west-2:1:stream-key/a"));
    assert_false(arn_matches_service("ivs", "arn:aws:ivs:us-west-2:1:Channel/a"));
    assert_false(arn_matches_service("ivs", "arn:aws:ivs:us-west-2:1:/a"));
    assert_false(arn_matches_service("ivs", "arn:aws:ivschat:us-west-2:1:room/a"));
    assert_false(arn_matches_service("ivs", "arn:aws:ivs:us-west-2:1:channel/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arn_holds_service_region_account_type_and_id),
        cmocka_unit_test(the_id_is_found_in_an_arn_of_the_scope),
        cmocka_unit_test(an_arn_of_something_else_has_no_id),
        cmocka_unit_test(an_arn_of_the_kind_matches_in_any_scope),
        cmocka_unit_test(a_text_that_breaks_the_pattern_does_not_match),
        cmocka_unit_test(an_arn_of_any_type_of_a_service_matches_by_its_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
