/*
 * Names of operations, with and without a service.
 */
#include "base/operation_name.h"

#include "support/cmocka_all.h"

static void a_bare_name_means_the_operation_of_every_service(void **state)
{
    (void)state;
    assert_true(operation_name_matches("TagResource", "ivs", "TagResource"));
    assert_true(operation_name_matches("TagResource", "ivschat", "TagResource"));
    assert_false(operation_name_matches("TagResource", "ivs", "TagResources"));
    assert_false(operation_name_matches("tagresource", "ivs", "TagResource"));
    assert_false(operation_name_matches("", "ivs", "TagResource"));
}

static void a_service_before_the_colon_excludes_others(void **state)
{
    (void)state;
    assert_true(operation_name_matches("ivschat:CreateRoom", "ivschat", "CreateRoom"));
    assert_false(operation_name_matches("ivs:CreateRoom", "ivschat", "CreateRoom"));
    assert_false(operation_name_matches("ivschatx:CreateRoom", "ivschat", "CreateRoom"));
    assert_false(operation_name_matches(":CreateRoom", "ivschat", "CreateRoom"));
    assert_false(operation_name_matches("ivschat:", "ivschat", "CreateRoom"));
    assert_false(operation_name_matches("ivs:ivs:A", "ivs", "A"));
}

static void a_star_means_all_operations(void **state)
{
    (void)state;
    assert_true(operation_name_matches("*", "ivs", "CreateChannel"));
    assert_true(operation_name_matches("ivs:*", "ivs", "CreateChannel"));
    assert_false(operation_name_matches("ivschat:*", "ivs", "CreateChannel"));
    assert_false(operation_name_matches("Create*", "ivs", "CreateChannel"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_name_means_the_operation_of_every_service),
        cmocka_unit_test(a_service_before_the_colon_excludes_others),
        cmocka_unit_test(a_star_means_all_operations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
