/*
 * The names of the regions of AWS.
 */
#include "base/aws_region.h"

#include "base/attrs.h"
#include "base/scope.h"

#include <string.h>

#include "support/cmocka_all.h"

static const struct {
    const char *name;
    bool has_ivs;
} regions[] = {
#define REGION(name, has_ivs) {name, has_ivs},
#include "../../src/base/aws_regions.def"
#undef REGION
};

static void every_region_of_the_table_is_found(void **state)
{
    int with_ivs = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(regions); i++) {
        assert_true(scope_is_region(regions[i].name));
        assert_true(aws_region_exists(regions[i].name));
        assert_int_equal(aws_region_has_ivs(regions[i].name), regions[i].has_ivs);
        if (i > 0) /* the search relies on the order */
            assert_true(strcmp(regions[i - 1].name, regions[i].name) < 0);
        with_ivs += regions[i].has_ivs;
    }
    assert_int_equal(with_ivs, 7);
}

static void other_names_are_not_found(void **state)
{
    static const char *const names[] = {"",           "nowhere",   "us-east-3",
                                        "us-east-1a", "US-EAST-1", "us-east"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_false(aws_region_exists(names[i]));
        assert_false(aws_region_has_ivs(names[i]));
    }
}

static void a_misspelt_name_has_a_near_one(void **state)
{
    (void)state;
    assert_string_equal(aws_region_nearest("us-est-1"), "us-east-1");
    assert_string_equal(aws_region_nearest("eu-wset-1"), "eu-west-1");
    assert_null(aws_region_nearest("nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_region_of_the_table_is_found),
        cmocka_unit_test(other_names_are_not_found),
        cmocka_unit_test(a_misspelt_name_has_a_near_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
