/*
 * The table of detail types and names of events.
 */
#include "events/detail_types.h"

#include "base/json.h"

#include <string.h>

#include "support/cmocka_all.h"

static void every_type_is_found_by_its_name_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < detail_types_count; i++)
        assert_ptr_equal(detail_type_find(detail_types[i].name), &detail_types[i]);
    assert_null(detail_type_find("IVS Stream State Change "));
    assert_null(detail_type_find("ivs stream state change"));
    assert_null(detail_type_find(""));
}

static void a_type_has_its_own_names_only(void **state)
{
    const struct detail_type *health = detail_type_find(DETAIL_STREAM_HEALTH);

    (void)state;
    assert_true(detail_type_has(health, "Starvation End"));
    assert_false(detail_type_has(health, "Stream End"));
    assert_false(detail_type_has(health, ""));
}

static void the_name_of_an_event_is_in_the_member_of_its_type(void **state)
{
    cJSON *detail AUTO(json_done) = json_stored(
        "{\"event_name\":\"a\",\"limit_name\":\"b\",\"recording_status\":\"c\"}");
    cJSON *nothing AUTO(json_done) = json_stored("{\"limit_name\":7}");

    (void)state;
    assert_string_equal(
        detail_type_event_name(detail_type_find(DETAIL_STREAM_STATE), detail), "a");
    assert_string_equal(
        detail_type_event_name(detail_type_find(DETAIL_LIMIT_BREACH), detail), "b");
    assert_string_equal(
        detail_type_event_name(detail_type_find(DETAIL_RECORDING_STATE), detail), "c");
    assert_null(detail_type_event_name(detail_type_find(DETAIL_LIMIT_BREACH), nothing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_found_by_its_name_only),
        cmocka_unit_test(a_type_has_its_own_names_only),
        cmocka_unit_test(the_name_of_an_event_is_in_the_member_of_its_type),
    };

    json_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
