/*
 * Which web pages may talk to the server.
 */
#include "app/origin.h"

#include "support/cmocka_all.h"

static void pages_of_this_machine_are_allowed_by_default(void **state)
{
    static const char *const origins[] = {
        "http://localhost",      "http://localhost:3000", "https://localhost:8443",
        "http://LOCALHOST:3000", "http://127.0.0.1",      "http://127.0.0.1:5173",
        "https://127.0.0.1:1",   "http://127.1.2.3:80",   "http://127.255.255.255",
        "http://[::1]",          "http://[::1]:3000",     "https://[::1]:65535",
    };
    const struct config_list none = {.count = 0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        if (!origin_allowed(&none, origins[i]))
            fail_msg("refused: %s", origins[i]);
    }
}

static void other_pages_are_refused_by_default(void **state)
{
    static const char *const origins[] = {
        "",
        "null",
        "*",
        "localhost",
        "http://",
        "http://example.com",
        "http://localhost.evil.com",
        "http://localhostevil.com",
        "http://evil-localhost",
        "http://evil.localhost",
        "http://127.0.0.1.evil.com",
        "http://127.0.0.1evil.com",
        "http://evil.com:127",
        "http://evil.com#localhost",
        "http://localhost@evil.com",
        "http://localhost:80@evil.com",
        "http://localhost:evil.com",
        "http://localhost:",
        "http://localhost:80:80",
        "http://localhost/",
        "http://localhost ",
        " http://localhost",
        "http://[::1]evil.com",
        "http://[::1].evil.com",
        "http://[::1]:80.evil.com",
        "http://[::2]",
        "http://[::1",
        "http://::1",
        "http://evil.com]",
        "http://localhost]",
        "http://0.0.0.0",
        "http://126.0.0.1",
        "http://128.0.0.1",
        "http://10.0.0.1",
        "http://127.1",
        "http://2130706433",
        "http://0177.0.0.1",
        "ftp://localhost",
        "file://localhost",
        "chrome-extension://localhost",
        "httpx://localhost",
        "http:/localhost",
    };
    const struct config_list none = {.count = 0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        if (origin_allowed(&none, origins[i]))
            fail_msg("allowed: %s", origins[i]);
    }
}

static void a_list_allows_what_it_names_and_nothing_else(void **state)
{
    const struct config_list list = {
        .values = {"https://app.example.com", "http://10.0.0.7:3000"},
          .count = 2
    };
    static const char *const refused[] = {"https://app.example.com:8443",
                                          "http://app.example.com",
                                          "https://example.com",
                                          "https://app.example.com.evil.com",
                                          "https://app.example.com/",
                                          "http://10.0.0.7",
                                          "http://localhost",
                                          "null"};

    (void)state;
    assert_true(origin_allowed(&list, "https://app.example.com"));
    assert_true(origin_allowed(&list, "http://10.0.0.7:3000"));
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(origin_allowed(&list, refused[i]));
}

static void a_star_allows_every_origin(void **state)
{
    const struct config_list list = {
        .values = {"https://example.com", "*"},
          .count = 2
    };

    (void)state;
    assert_true(origin_allowed(&list, "https://evil.com"));
    assert_true(origin_allowed(&list, "null"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_this_machine_are_allowed_by_default),
        cmocka_unit_test(other_pages_are_refused_by_default),
        cmocka_unit_test(a_list_allows_what_it_names_and_nothing_else),
        cmocka_unit_test(a_star_allows_every_origin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
