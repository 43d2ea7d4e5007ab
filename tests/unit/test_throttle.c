/*
 * Token buckets.
 */
#include "base/throttle.h"

#include "support/cmocka_all.h"

static int setup(void **state)
{
    *state = throttle_new();
    return 0;
}

static int teardown(void **state)
{
    throttle_free(*state);
    return 0;
}

/* The number of tokens that the bucket gives at that time. */
static int taken(struct throttle *throttle, uint64_t key, int rate, int64_t now_ms)
{
    int count = 0;

    while (throttle_take(throttle, key, rate, now_ms))
        count++;
    return count;
}

static void a_new_bucket_is_full(void **state)
{
    assert_int_equal(taken(*state, 1, 5, 1000), 5);
    assert_int_equal(taken(*state, 2, 10, 1000), 10);
}

static void a_bucket_fills_with_time_up_to_its_rate(void **state)
{
    assert_int_equal(taken(*state, 1, 5, 1000), 5);
    assert_int_equal(taken(*state, 1, 5, 1199), 0);
    assert_int_equal(taken(*state, 1, 5, 1200), 1);
    assert_int_equal(taken(*state, 1, 5, 1800), 3);
    assert_int_equal(taken(*state, 1, 5, 60000), 5);
}

static void buckets_of_other_keys_are_not_touched(void **state)
{
    assert_int_equal(taken(*state, 1, 5, 1000), 5);
    assert_int_equal(taken(*state, 2, 5, 1000), 5);
    assert_int_equal(taken(*state, 1, 5, 1000), 0);
}

static void a_clock_that_goes_back_adds_and_removes_no_tokens(void **state)
{
    assert_int_equal(taken(*state, 1, 5, 100000), 5);
    assert_int_equal(taken(*state, 1, 5, 1000), 0);
    assert_int_equal(taken(*state, 1, 5, 1200), 1);
}

static void the_newest_of_many_buckets_are_kept(void **state)
{
    for (uint64_t key = 1; key < 100000; key++)
        assert_true(throttle_take(*state, key, 1, 1000));
    /* The last of these are still known. */
    assert_false(throttle_take(*state, 99999, 1, 1000));
}

static void a_bucket_of_its_own_starts_full_and_follows_its_rate(void **state)
{
    struct throttle_bucket bucket = {0};

    (void)state;
    assert_true(throttle_bucket_take(&bucket, 2, 1000));
    assert_true(throttle_bucket_take(&bucket, 2, 1000));
    assert_false(throttle_bucket_take(&bucket, 2, 1499));
    assert_true(throttle_bucket_take(&bucket, 2, 1500));
    /* With a higher rate it holds more, and with a lower one less. */
    assert_true(throttle_bucket_take(&bucket, 3, 1500));
    assert_false(throttle_bucket_take(&bucket, 3, 1500));
    assert_false(throttle_bucket_take(&bucket, 1, 2499));
    assert_true(throttle_bucket_take(&bucket, 1, 2500));
}

static void keys_differ_by_each_of_their_parts(void **state)
{
    const struct scope here = {"000000000000", "us-east-1"};
    const struct scope there = {"000000000000", "us-east-2"};
    const uint64_t key = throttle_key("ivschat", "SendEvent", here, NULL);

    (void)state;
    assert_true(throttle_key("ivschat", "SendEvent", here, NULL) == key);
    assert_true(throttle_key("ivs", "SendEvent", here, NULL) != key);
    assert_true(throttle_key("ivschat", "GetRoom", here, NULL) != key);
    assert_true(throttle_key("ivschat", "SendEvent", there, NULL) != key);
    assert_true(throttle_key("ivschat", "SendEvent", here, "arn") != key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_bucket_is_full, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bucket_fills_with_time_up_to_its_rate, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(buckets_of_other_keys_are_not_touched, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_clock_that_goes_back_adds_and_removes_no_tokens,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_newest_of_many_buckets_are_kept, setup,
                                        teardown),
        cmocka_unit_test(a_bucket_of_its_own_starts_full_and_follows_its_rate),
        cmocka_unit_test(keys_differ_by_each_of_their_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
