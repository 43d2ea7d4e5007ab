/*
 * Lists of headers and the white space around their values.
 */
#include "base/http_header.h"

#include <string.h>

#include "support/cmocka_all.h"

static const struct http_header headers[] = {
    {"Upgrade", "h2c,  WebSocket\t"},
    {"ETag",    "first"            },
    {"etag",    "second"           },
    {"upgrade", ", echo/1.0,,"     },
    {NULL,      NULL               },
};

static void headers_are_counted(void **state)
{
    (void)state;
    assert_int_equal(http_header_count(headers), 4);
    assert_int_equal(http_header_count(headers + 4), 0);
    assert_int_equal(http_header_count(NULL), 0);
}

static void headers_are_found_by_name_in_any_case(void **state)
{
    (void)state;
    assert_string_equal(http_header_find(headers, "ETAG"), "first");
    assert_null(http_header_find(headers, "ETa"));
    assert_null(http_header_find_single(headers, "ETAG"));
    assert_null(http_header_find_single(headers, "Host"));
    assert_string_equal(http_header_find_single(headers + 2, "ETag"), "second");
}

static void elements_are_found_in_all_headers_of_a_name(void **state)
{
    (void)state;
    assert_true(http_header_lists(headers, "upgrade", "websocket"));
    assert_true(http_header_lists(headers, "UPGRADE", "echo/1.0"));
    assert_false(http_header_lists(headers, "upgrade", "echo"));
    assert_false(http_header_lists(headers, "upgrade", ""));
    assert_false(http_header_lists(headers, "ETag", "third"));
}

static void assert_trimmed(const char *value, const char *trimmed)
{
    size_t length = strlen(value);
    const char *start = http_header_trim(value, &length);

    assert_int_equal(length, strlen(trimmed));
    assert_memory_equal(start, trimmed, length);
}

static void white_space_is_removed_at_both_ends(void **state)
{
    (void)state;
    assert_trimmed(" \t a b\t \r\n", "a b");
    assert_trimmed("a", "a");
    assert_trimmed(" \t ", "");
    assert_trimmed("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_counted),
        cmocka_unit_test(headers_are_found_by_name_in_any_case),
        cmocka_unit_test(elements_are_found_in_all_headers_of_a_name),
        cmocka_unit_test(white_space_is_removed_at_both_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
