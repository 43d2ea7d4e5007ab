/*
 * The target of a request line.
 */
#include "base/uri.h"

#include <string.h>

#include "support/cmocka_all.h"

/* The path of a target that must be good. */
static const char *path_of(struct arena *arena, const char *target)
{
    struct uri uri;

    assert_int_equal(uri_parse(arena, target, &uri), 0);
    return uri.path;
}

static void a_path_is_percent_decoded(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    assert_string_equal(path_of(arena, "/"), "/");
    assert_string_equal(path_of(arena, "/CreateChannel"), "/CreateChannel");
    assert_string_equal(path_of(arena, "/tags/arn%3Aaws%3aivs%2Fx"),
                        "/tags/arn:aws:ivs/x");
    assert_string_equal(path_of(arena, "/a%25b"), "/a%b");
    assert_string_equal(path_of(arena, "/a%2525b"), "/a%25b");
    assert_string_equal(path_of(arena, "/caf%C3%A9"), "/caf\xc3\xa9");
}

static void a_plus_is_a_space_only_in_a_query(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct uri uri;

    (void)state;
    assert_int_equal(uri_parse(arena, "/a+b?k+1=v+2&x=%2B", &uri), 0);

    assert_string_equal(uri.path, "/a+b");
    assert_string_equal(uri.query[0].name, "k 1");
    assert_string_equal(uri.query[0].value, "v 2");
    assert_string_equal(uri.query[1].value, "+");
}

static void a_query_keeps_order_and_repeats(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct uri uri;

    (void)state;
    assert_int_equal(uri_parse(arena, "/x?k=a&j=b&k=c", &uri), 0);

    assert_int_equal(uri.query_count, 3);
    assert_string_equal(uri.query[0].value, "a");
    assert_string_equal(uri.query[1].name, "j");
    assert_string_equal(uri.query[2].name, "k");
    assert_string_equal(uri.query[2].value, "c");
}

static void a_query_value_may_be_empty_absent_or_contain_separators(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct uri uri;

    (void)state;
    assert_int_equal(uri_parse(arena, "/x?a=&b&c=d=e?f&&=g", &uri), 0);

    assert_int_equal(uri.query_count, 4);
    assert_string_equal(uri.query[0].value, "");
    assert_string_equal(uri.query[1].name, "b");
    assert_string_equal(uri.query[1].value, "");
    assert_string_equal(uri.query[2].value, "d=e?f");
    assert_string_equal(uri.query[3].name, "");
    assert_string_equal(uri.query[3].value, "g");
}

static void an_encoded_separator_does_not_separate(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct uri uri;

    (void)state;
    assert_int_equal(uri_parse(arena, "/x%3Fy?a%26b=c%3Dd", &uri), 0);

    assert_string_equal(uri.path, "/x?y");
    assert_int_equal(uri.query_count, 1);
    assert_string_equal(uri.query[0].name, "a&b");
    assert_string_equal(uri.query[0].value, "c=d");
}

static void a_target_without_a_query_has_no_pairs(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct uri uri;

    (void)state;
    assert_int_equal(uri_parse(arena, "/x", &uri), 0);
    assert_int_equal(uri.query_count, 0);
    assert_int_equal(uri_parse(arena, "/x?", &uri), 0);
    assert_int_equal(uri.query_count, 0);
}

static void a_fragment_belongs_to_no_pair(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct uri uri;

    (void)state;
    assert_int_equal(uri_parse(arena, "/x?a=b#c&d=%zz", &uri), 0);
    assert_int_equal(uri.query_count, 1);
    assert_string_equal(uri.query[0].value, "b");
    assert_int_equal(uri_parse(arena, "/x?#a", &uri), 0);
    assert_int_equal(uri.query_count, 0);
    assert_int_equal(uri_parse(arena, "/x#?a", &uri), 0);
    assert_int_equal(uri.query_count, 0);
}

static void an_absolute_target_has_an_authority_and_a_path(void **state)
{
    static const char *const cases[][3] = {
        {"http://localhost/a",         "localhost",  "/a"           },
        {"http://[::1]:4580/a?b=c#d",  "[::1]:4580", "/a?b=c#d"     },
        {"HTTPS://a.test:1",           "a.test:1",   "/"            },
        {"https://a.test?b=http://c/", "a.test",     "/?b=http://c/"},
        {"http://a.test#b",            "a.test",     "/#b"          },
        {"http://a.test//b",           "a.test",     "//b"          },
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *authority = NULL;
        assert_string_equal(uri_origin_form(arena, cases[i][0], &authority), cases[i][2]);
        assert_string_equal(authority, cases[i][1]);
    }
}

static void other_targets_stay_as_they_are(void **state)
{
    static const char *const targets[] = {
        "",          "/a",           "*",           "http",         "http:",
        "http:/a",   "http:///a",    "ftp://a/",    "//localhost/", "/http://a/",
        "localhost", "localhost:80", "http://a b/", "http://u@a/",  "http://a:0/",
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        const char *authority = "unset";
        assert_ptr_equal(uri_origin_form(arena, targets[i], &authority), targets[i]);
        assert_null(authority);
    }
}

static void bad_targets_are_refused_and_leave_the_output_unset(void **state)
{
    static const char *const targets[] = {
        "",         "x",        "*",          "http://host/", "/%",
        "/%4",      "/%zz",     "/%4g",       "/a%00b",       "/%c3",
        "/%ff",     "/%c0%80",  "/%ed%a0%80", "/x?a=%",       "/x?%zz=a",
        "/x?a=%00", "/x?a=%ff", "/x?%ff=a",   "/\xff",        "/% 41",
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct uri uri = {.path = "untouched"};
        assert_int_equal(uri_parse(arena, targets[i], &uri), -1);
        assert_string_equal(uri.path, "untouched");
    }
}

static void the_path_alone_is_decoded_whatever_follows(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    assert_string_equal(uri_path(arena, "/a%2Fb+c?x=%zz"), "/a/b+c");
    assert_string_equal(uri_path(arena, "/#x"), "/");
    assert_null(uri_path(arena, "a"));
    assert_null(uri_path(arena, "http://localhost/a"));
    assert_null(uri_path(arena, "/%zz"));
    assert_null(uri_path(arena, "/%00"));
    assert_null(uri_path(arena, "/%ff"));
}

static void a_query_has_at_most_256_pairs(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *target = "/x?a";
    struct uri uri;

    (void)state;
    for (int i = 1; i < URI_MAX_QUERY_PAIRS; i++)
        target = arena_printf(arena, "%s&a", target);

    assert_int_equal(uri_parse(arena, target, &uri), 0);
    assert_int_equal(uri.query_count, URI_MAX_QUERY_PAIRS);
    assert_int_equal(uri_parse(arena, arena_printf(arena, "%s&a", target), &uri), -1);
}

static void every_other_byte_is_percent_encoded(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    assert_string_equal(uri_encode(arena, "aZ0-._~", ""), "aZ0-._~");
    assert_string_equal(uri_encode(arena, "a/b:\xc3\xa4 %", ""), "a%2Fb%3A%C3%A4%20%25");
    assert_string_equal(uri_encode(arena, "a/b:", "/"), "a/b%3A");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_percent_decoded),
        cmocka_unit_test(a_plus_is_a_space_only_in_a_query),
        cmocka_unit_test(a_query_keeps_order_and_repeats),
        cmocka_unit_test(a_query_value_may_be_empty_absent_or_contain_separators),
        cmocka_unit_test(an_encoded_separator_does_not_separate),
        cmocka_unit_test(a_target_without_a_query_has_no_pairs),
        cmocka_unit_test(a_fragment_belongs_to_no_pair),
        cmocka_unit_test(an_absolute_target_has_an_authority_and_a_path),
        cmocka_unit_test(other_targets_stay_as_they_are),
        cmocka_unit_test(bad_targets_are_refused_and_leave_the_output_unset),
        cmocka_unit_test(the_path_alone_is_decoded_whatever_follows),
        cmocka_unit_test(a_query_has_at_most_256_pairs),
        cmocka_unit_test(every_other_byte_is_percent_encoded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
