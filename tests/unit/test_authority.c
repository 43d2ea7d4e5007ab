/*
 * A host and an optional port, as in URLs and headers.
 */
#include "base/authority.h"

#include "base/attrs.h"

#include <string.h>

#include "support/cmocka_all.h"

#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A255 A50 A50 A50 A50 A50 "aaaaa"

static void hosts_and_ports_are_read(void **state)
{
    static const struct {
        const char *text;
        enum host_kind kind;
        size_t host_length, length;
    } cases[] = {
        {"localhost",           HOST_NAME, 9,   9  },
        {"a",                   HOST_NAME, 1,   1  },
        {"my_app-1.local.:80",  HOST_NAME, 15,  18 },
        {"example.com:1",       HOST_NAME, 11,  13 },
        {"example.com:65535",   HOST_NAME, 11,  17 },
        {"example.com:00080",   HOST_NAME, 11,  17 },
        {"example.com/path:80", HOST_NAME, 11,  11 },
        {"example.com:80/path", HOST_NAME, 11,  14 },
        {"example.com:80:80",   HOST_NAME, 11,  14 },
        {"example.com@x",       HOST_NAME, 11,  11 },
        {A255,                  HOST_NAME, 255, 255},
        {A255 ":80",            HOST_NAME, 255, 258},
        {"10.0.0.7",            HOST_IPV4, 8,   8  },
        {"255.255.255.255:80",  HOST_IPV4, 15,  18 },
        {"127.1",               HOST_NAME, 5,   5  },
        {"2130706433",          HOST_NAME, 10,  10 },
        {"256.0.0.1",           HOST_NAME, 9,   9  },
        {"1.2.3.4.example.com", HOST_NAME, 19,  19 },
        {"[::]",                HOST_IPV6, 4,   4  },
        {"[::1]:80",            HOST_IPV6, 5,   8  },
        {"[2001:db8::7]x",      HOST_IPV6, 13,  13 },
        {"[::ffff:127.0.0.1]",  HOST_IPV6, 18,  18 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct authority read;
        if (!authority_read(cases[i].text, &read))
            fail_msg("not read: %s", cases[i].text);
        assert_ptr_equal(read.host, cases[i].text);
        if (read.kind != cases[i].kind || read.host_length != cases[i].host_length ||
            read.length != cases[i].length)
            fail_msg("%s is read as kind %d, %zu, %zu", cases[i].text, (int)read.kind,
                     read.host_length, read.length);
    }
}

static void invalid_hosts_and_ports_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        ":80",
        "/",
        " localhost",
        "@localhost",
        "%6c",
        "\xc3\xa9",
        "localhost:",
        "localhost:x",
        "localhost:0",
        "localhost:-1",
        "localhost:+80",
        "localhost: 80",
        "localhost:65536",
        "localhost:000080",
        "localhost:99999999999999999999999",
        A255 "a",
        A255 "a:80",
        "[",
        "[]",
        "[::1",
        "[1]",
        "[:]",
        "[::1%lo]",
        "[127.0.0.1]",
        "[localhost]",
        "[::1]:",
        "[::1]:0",
        "[1:2:3:4:5:6:7:8:9]",
        "[" A255 "]",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct authority read = {.length = 7};
        if (authority_read(texts[i], &read))
            fail_msg("read: %s", texts[i]);
        assert_int_equal(read.length, 7);
    }
}

static void loopback_is_this_machine_only(void **state)
{
    static const struct {
        const char *text;
        bool loopback;
    } cases[] = {
        {"localhost",             true },
        {"LocalHost:80",          true },
        {"127.0.0.1",             true },
        {"127.255.255.255:1",     true },
        {"[::1]:80",              true },
        {"[0:0:0:0:0:0:0:1]",     true },
        {"app.localhost",         true },
        {"a.b.LocalHost:3000",    true },
        {"localhost.localhost",   true },
        {"localhost.",            false},
        {"app.localhost.",        false},
        {".localhost",            false},
        {"a..localhost",          false},
        {"applocalhost",          false},
        {"app.localhosts",        false},
        {"app-localhost",         false},
        {"localhost.example.com", false},
        {"127.0.0.1.example.com", false},
        {"126.255.255.255",       false},
        {"128.0.0.1",             false},
        {"0.0.0.0",               false},
        {"127.1",                 false},
        {"[::]",                  false},
        {"[::2]",                 false},
        {"[::ffff:127.0.0.1]",    false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct authority read;
        assert_true(authority_read(cases[i].text, &read));
        if (authority_is_loopback(&read) != cases[i].loopback)
            fail_msg("%s", cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_and_ports_are_read),
        cmocka_unit_test(invalid_hosts_and_ports_are_refused),
        cmocka_unit_test(loopback_is_this_machine_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
