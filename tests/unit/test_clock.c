/*
 * The emulator's clock.
 */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "support/cmocka_all.h"

static int64_t machine_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void a_stopped_clock_moves_only_when_moved(void **state)
{
    struct clock *clock = clock_new_stopped(1000);

    (void)state;
    assert_int_equal(clock_now_ms(clock), 1000);
    clock_advance(clock, 250);
    assert_int_equal(clock_now_ms(clock), 1250);
    assert_int_equal(clock_now_ms(clock), 1250);
    clock_free(clock);
}

static void a_scope_that_is_moved_is_ahead_of_the_others(void **state)
{
    const struct scope here = {.account = "000000000000", .region = "us-east-1"};
    const struct scope there = {.account = "000000000000", .region = "eu-west-1"};
    struct clock *clock = clock_new_stopped(1000);

    (void)state;
    assert_int_equal(clock_move(clock, here, 500), 0);
    assert_int_equal(clock_scope_ms(clock, here), 1500);
    assert_int_equal(clock_scope_ms(clock, there), 1000);
    assert_int_equal(clock_move(clock, there, 50), 0);
    assert_int_equal(clock_move(clock, here, 600), 0);
    clock_advance(clock, 1);
    assert_int_equal(clock_scope_ms(clock, here), 1601);
    assert_int_equal(clock_scope_ms(clock, there), 1051);
    clock_forget(clock, &here);
    assert_int_equal(clock_offset_ms(clock, here), 0);
    assert_int_equal(clock_offset_ms(clock, there), 50);
    clock_forget(clock, NULL);
    assert_int_equal(clock_offset_ms(clock, there), 0);
    clock_free(clock);
}

static void all_moves_are_replaced_at_once(void **state)
{
    const struct scope here = {.account = "000000000000", .region = "us-east-1"};
    const struct scope there = {.account = "000000000000", .region = "eu-west-1"};
    struct clock *clock = clock_new_stopped(1000);
    struct clock *other = clock_new();

    (void)state;
    assert_int_equal(clock_move(clock, here, 500), 0);
    assert_int_equal(clock_move(other, there, 50), 0);
    clock_swap_offsets(clock, other);
    assert_int_equal(clock_scope_ms(clock, here), 1000);
    assert_int_equal(clock_scope_ms(clock, there), 1050);
    assert_int_equal(clock_offset_ms(other, here), 500);
    clock_free(other);
    clock_free(clock);
}

static void the_number_of_scopes_with_an_offset_is_limited(void **state)
{
    struct clock *clock = clock_new_stopped(0);
    char account[SCOPE_ACCOUNT_CHARS + 1];
    const struct scope scope = {.account = account, .region = "us-east-1"};

    (void)state;
    for (int i = 0; i < CLOCK_MAX_MOVED; i++) {
        snprintf(account, sizeof(account), "%012d", i);
        assert_int_equal(clock_move(clock, scope, 1), 0);
    }
    snprintf(account, sizeof(account), "%012d", CLOCK_MAX_MOVED);
    assert_false(clock_has_room(clock, scope));
    assert_int_equal(clock_move(clock, scope, 1), -1);
    assert_int_equal(clock_offset_ms(clock, scope), 0);
    snprintf(account, sizeof(account), "%012d", 5);
    assert_true(clock_has_room(clock, scope));
    assert_int_equal(clock_move(clock, scope, 2), 0);
    clock_free(clock);
}

static void a_running_clock_follows_the_machine(void **state)
{
    struct clock *clock = clock_new();

    (void)state;
    int64_t before = machine_now_ms();
    int64_t shown = clock_now_ms(clock);
    int64_t after = machine_now_ms();

    assert_in_range(shown, before, after);
    clock_free(clock);
}

static void a_running_clock_can_be_moved_forward(void **state)
{
    const int64_t hour_ms = 3600000;
    struct clock *clock = clock_new();

    (void)state;
    int64_t before = machine_now_ms();
    clock_advance(clock, hour_ms);
    int64_t shown = clock_now_ms(clock);
    int64_t after = machine_now_ms();

    assert_in_range(shown, before + hour_ms, after + hour_ms);
    clock_free(clock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stopped_clock_moves_only_when_moved),
        cmocka_unit_test(a_scope_that_is_moved_is_ahead_of_the_others),
        cmocka_unit_test(all_moves_are_replaced_at_once),
        cmocka_unit_test(the_number_of_scopes_with_an_offset_is_limited),
        cmocka_unit_test(a_running_clock_follows_the_machine),
        cmocka_unit_test(a_running_clock_can_be_moved_forward),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
