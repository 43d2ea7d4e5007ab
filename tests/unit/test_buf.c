/*
 * Growing buffers of bytes.
 */
#include "base/buf.h"

#include <string.h>

#include "support/cmocka_all.h"

static void a_new_buffer_is_an_empty_text(void **state)
{
    struct buf buf AUTO(buf_done);

    (void)state;
    buf_init(&buf, 10);

    assert_string_equal(buf.bytes, "");
    assert_int_equal(buf.length, 0);
    assert_false(buf.overflow);
}

static void pieces_follow_each_other(void **state)
{
    struct buf buf AUTO(buf_done);

    (void)state;
    buf_init(&buf, 100);
    buf_text(&buf, "a");
    buf_add(&buf, "bcd", 2);
    buf_printf(&buf, "-%d-%s", 7, "x");
    buf_text(&buf, "");

    assert_string_equal(buf.bytes, "abc-7-x");
    assert_int_equal(buf.length, 7);
}

static void zero_bytes_are_bytes(void **state)
{
    struct buf buf AUTO(buf_done);

    (void)state;
    buf_init(&buf, 100);
    buf_add(&buf, "a\0b", 3);

    assert_int_equal(buf.length, 3);
    assert_memory_equal(buf.bytes, "a\0b", 4);
}

static void the_first_bytes_can_be_dropped(void **state)
{
    struct buf buf AUTO(buf_done);

    (void)state;
    buf_init(&buf, 4);
    buf_drop(&buf, 0);
    buf_text(&buf, "abcd");
    buf_drop(&buf, 0);
    assert_string_equal(buf.bytes, "abcd");
    buf_drop(&buf, 3);
    assert_string_equal(buf.bytes, "d");
    buf_text(&buf, "efg");
    assert_string_equal(buf.bytes, "defg");
    assert_false(buf.overflow);
    buf_drop(&buf, 4);
    assert_string_equal(buf.bytes, "");
    assert_int_equal(buf.length, 0);
}

static void a_buffer_grows_exactly_to_its_limit(void **state)
{
    struct buf buf AUTO(buf_done);

    (void)state;
    buf_init(&buf, 10000);
    for (int i = 0; i < 10000; i++)
        buf_add(&buf, "x", 1);
    assert_false(buf.overflow);
    buf_add(&buf, "y", 1);

    assert_true(buf.overflow);
    assert_int_equal(buf.length, 10000);
    assert_int_equal(strspn(buf.bytes, "x"), 10000);
    assert_int_equal(buf.bytes[10000], '\0');
}

static void no_byte_is_appended_of_a_piece_that_does_not_fit(void **state)
{
    struct buf added AUTO(buf_done);
    struct buf printed AUTO(buf_done);

    (void)state;
    buf_init(&added, 5);
    buf_init(&printed, 5);
    buf_text(&added, "abc");
    buf_text(&added, "def");
    buf_printf(&printed, "%s", "abc");
    buf_printf(&printed, "%s", "def");

    assert_string_equal(added.bytes, "abc");
    assert_true(added.overflow);
    assert_string_equal(printed.bytes, "abc");
    assert_true(printed.overflow);
}

static void after_an_overflow_nothing_more_is_taken(void **state)
{
    struct buf buf AUTO(buf_done);

    (void)state;
    buf_init(&buf, 5);
    buf_text(&buf, "abcdef");
    buf_text(&buf, "a");
    buf_printf(&buf, "%d", 1);

    assert_string_equal(buf.bytes, "");
    assert_true(buf.overflow);
}

static void a_piece_that_just_fits_is_taken(void **state)
{
    struct buf buf AUTO(buf_done);

    (void)state;
    buf_init(&buf, 5);
    buf_printf(&buf, "%s", "abcde");

    assert_string_equal(buf.bytes, "abcde");
    assert_false(buf.overflow);
}

static void a_finished_buffer_is_empty_and_can_be_used_again(void **state)
{
    struct buf buf AUTO(buf_done);

    (void)state;
    buf_init(&buf, 5);
    buf_text(&buf, "abcdef");
    buf_done(&buf);
    buf_done(&buf);
    buf_text(&buf, "abc");

    assert_string_equal(buf.bytes, "abc");
    assert_false(buf.overflow);
}

static void its_memory_after_an_addition_is_known_before(void **state)
{
    static const size_t more[] = {0, 1, 254, 1, 0, 3000, 5000, 1, 2000};
    char bytes[5000];
    struct buf buf AUTO(buf_done);

    (void)state;
    memset(bytes, 'a', sizeof(bytes));
    buf_init(&buf, 9000);
    for (size_t i = 0; i < COUNT_OF(more); i++) {
        size_t expected = buf_capacity_with(&buf, more[i]);
        buf_add(&buf, bytes, more[i]);
        assert_int_equal(buf.capacity, expected);
    }
    assert_true(buf.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_buffer_is_an_empty_text),
        cmocka_unit_test(pieces_follow_each_other),
        cmocka_unit_test(zero_bytes_are_bytes),
        cmocka_unit_test(the_first_bytes_can_be_dropped),
        cmocka_unit_test(a_buffer_grows_exactly_to_its_limit),
        cmocka_unit_test(no_byte_is_appended_of_a_piece_that_does_not_fit),
        cmocka_unit_test(after_an_overflow_nothing_more_is_taken),
        cmocka_unit_test(a_piece_that_just_fits_is_taken),
        cmocka_unit_test(a_finished_buffer_is_empty_and_can_be_used_again),
        cmocka_unit_test(its_memory_after_an_addition_is_known_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
