/*
 * Which web pages may call the server.
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
        "http://app.localhost",  "https://A.B.LocalHost", "http://app.localhost:3000",
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
        "http://evillocalhost",
        "http://.localhost",
        "http://a..localhost",
        "http://app.localhost.",
        "http://localhost.",
        "http://app.localhost.evil.com",
        "http://app.localhost/",
        "http://app.localhost@evil.com",
        "ftp://app.localhost",
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

static void a_list_allows_only_its_origins(void **state)
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

static void a_list_ignores_the_case(void **state)
{
    const struct config_list list = {.values = {"http://My-App.example"}, .count = 1};

    (void)state;
    assert_true(origin_allowed(&list, "http://my-app.example"));
}

static void origins_that_a_browser_sends_can_be_listed(void **state)
{
    static const char *const origins[] = {
        "*",
        "http://localhost:3000",
        "https://app.example.com",
        "http://example.com:8080",
        "https://example.com:80",
        "http://[::1]:3000",
        "chrome-extension://abcdefghijklmnop",
        "capacitor://localhost",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        if (!origin_is_listable(origins[i]))
            fail_msg("not listable: %s", origins[i]);
    }
}

static void origins_that_no_browser_sends_cannot_be_listed(void **state)
{
    static const char *const texts[] = {
        "",
        "**",
        "null",
        "localhost",
        "localhost:3000",
        "://localhost",
        "http:/localhost",
        "http://",
        "http://localhost/",
        "http://localhost:3000/page",
        "http://localhost:",
        "http://example.com:80",
        "https://example.com:443",
        "http://*.example.com",
        "http://a http://b",
        "HTTP://localhost",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (origin_is_listable(texts[i]))
            fail_msg("listable: %s", texts[i]);
    }
}

static void assert_hosts(const struct config_list *list, const char *own,
                         const char *const *hosts, size_t count, bool allowed)
{
    for (size_t i = 0; i < count; i++) {
        if (origin_host_allowed(list, own, hosts[i]) != allowed)
            fail_msg("the host %s is %s", hosts[i], allowed ? "refused" : "allowed");
    }
}

static void hosts_that_no_page_can_have_are_allowed(void **state)
{
    static const char *const hosts[] = {
        "localhost",
        "localhost:4580",
        "127.0.0.1:4580",
        "0.0.0.0",
        "203.0.113.5:80",
        "[::1]",
        "[2001:db8::1]:4580",
        "ivs-local",
        "ivs_local:4580",
        "a.localhost:4580",
        "A.B.LocalHost",
        "host.docker.internal:4580",
        "my-laptop.local",
        "svc.cluster.local:80",
        "nas.lan",
        "printer.home.arpa:1",
        "ivs.test",
        "dev.example.org",
    };
    const struct config_list none = {.count = 0};

    (void)state;
    assert_hosts(&none, "dev.example.org", hosts, COUNT_OF(hosts), true);
}

static void hosts_that_a_page_may_have_are_refused(void **state)
{
    static const char *const hosts[] = {
        "",
        "evil.com",
        "evil.com:4580",
        "evil.com.",
        ".local",
        "local.",
        "notlocal.com",
        "x.notlocal",
        "evil.home.arpa.com",
        "test.evil.com",
        "localhost.evil.com",
        "127.0.0.1.evil.com",
        "127.1",
        "evil.com:80:80",
        "evil.com/x.local",
        "evil.com@localhost",
        "x@a.local",
        "[::1",
        "[evil.com]",
        "\xc3\xa9.local",
    };
    const struct config_list none = {.count = 0};

    (void)state;
    assert_hosts(&none, "127.0.0.1", hosts, COUNT_OF(hosts), false);
}

static void the_hosts_of_listed_origins_are_allowed(void **state)
{
    static const char *const good[] = {"app.example.com", "App.Example.Com:4580",
                                       "localhost:4580"};
    static const char *const bad[] = {"example.com", "xapp.example.com",
                                      "app.example.com.evil.com", "app.example.co"};
    static const char *const any[] = {"evil.com", "x@y", ""};
    const struct config_list list = {.values = {"https://app.example.com:8443"},
                                     .count = 1};
    const struct config_list star = {.values = {"*"}, .count = 1};

    (void)state;
    assert_hosts(&list, "127.0.0.1", good, COUNT_OF(good), true);
    assert_hosts(&list, "127.0.0.1", bad, COUNT_OF(bad), false);
    assert_hosts(&star, "127.0.0.1", any, COUNT_OF(any), true);
}

static void a_site_is_compared_with_the_list_and_the_host(void **state)
{
    static const struct config_list none = {.count = 0};
    static const struct config_list some = {.values = {"http://localhost:3000"},
                                            .count = 1};
    static const struct config_list all = {
        .values = {"http://app.example", "*"},
          .count = 2
    };
    static const struct {
        const char *site, *host;
        bool by_default, with_list, with_star;
    } cases[] = {
        {"none",        "localhost:4580",   true,  true,  true},
        {"same-origin", "localhost:4580",   true,  true,  true},
        {"cross-site",  "localhost:4580",   false, false, true},
        {"cross-site",  "ivs-local",        false, false, true},
        {"cross-site",  "",                 false, false, true},
        {"same-site",   "localhost:4580",   true,  false, true},
        {"same-site",   "127.0.0.1:4580",   true,  false, true},
        {"same-site",   "[::1]:4580",       true,  false, true},
        {"same-site",   "app.localhost",    true,  false, true},
        {"same-site",   "ivs.example.com",  false, false, true},
        {"same-site",   "192.168.0.7:4580", false, false, true},
        {"same-site",   "localhost.evil",   false, false, true},
        {"same-site",   "localhost:4580/x", false, false, true},
        {"same-site",   "",                 false, false, true},
        {"later-value", "localhost:4580",   true,  true,  true},
        {"",            "localhost:4580",   true,  true,  true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *site = cases[i].site, *host = cases[i].host;
        if (origin_site_allowed(&none, site, host) != cases[i].by_default ||
            origin_site_allowed(&some, site, host) != cases[i].with_list ||
            origin_site_allowed(&all, site, host) != cases[i].with_star)
            fail_msg("%s to %s", site, host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_this_machine_are_allowed_by_default),
        cmocka_unit_test(other_pages_are_refused_by_default),
        cmocka_unit_test(a_list_allows_only_its_origins),
        cmocka_unit_test(a_star_allows_every_origin),
        cmocka_unit_test(a_list_ignores_the_case),
        cmocka_unit_test(origins_that_a_browser_sends_can_be_listed),
        cmocka_unit_test(origins_that_no_browser_sends_cannot_be_listed),
        cmocka_unit_test(hosts_that_no_page_can_have_are_allowed),
        cmocka_unit_test(hosts_that_a_page_may_have_are_refused),
        cmocka_unit_test(a_site_is_compared_with_the_list_and_the_host),
        cmocka_unit_test(the_hosts_of_listed_origins_are_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
