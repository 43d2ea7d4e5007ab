/*
 * The URLs that the program sends requests to.
 */
#include "base/http_url.h"

#include "base/attrs.h"

#include <string.h>

#include "support/cmocka_all.h"

static void a_url_is_split_after_its_authority(void **state)
{
    static const struct {
        const char *url, *path;
        size_t origin_length;
        bool has_query;
    } urls[] = {
        {"http://localhost",                "",                 16, false},
        {"https://example.com:8443/a/b",    "/a/b",             24, false},
        {"http://[::1]:80/?x=1",            "/?x=1",            15, true },
        {"http://10.0.0.7/invoke?key=1/2,", "/invoke?key=1/2,", 15, true },
    };
    struct http_url parts;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        assert_true(http_url_read(urls[i].url, &parts));

        assert_string_equal(parts.path, urls[i].path);
        assert_int_equal(parts.origin_length, urls[i].origin_length);
        assert_int_equal(parts.has_query, urls[i].has_query);
    }
}

static void anything_else_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "localhost",
        "ftp://localhost/",
        "HTTP://localhost/",
        "http://",
        "http://user:secret@host/",
        "http://host?query",
        "http://host/#fragment",
        "http://host/a b",
        "http://host/\xc3\xa4",
    };
    struct http_url parts = {.path = "untouched"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_false(http_url_read(texts[i], &parts));
    assert_string_equal(parts.path, "untouched");
}

static void a_url_has_at_most_2048_characters(void **state)
{
    char url[2050] = "http://host/";
    struct http_url parts;

    (void)state;
    memset(url + strlen(url), 'a', 2048 - strlen(url));
    assert_true(http_url_read(url, &parts));

    url[2048] = 'a';
    assert_false(http_url_read(url, &parts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_split_after_its_authority),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(a_url_has_at_most_2048_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
