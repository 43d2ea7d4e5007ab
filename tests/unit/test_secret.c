/*
 * Secrets in texts that are shown.
 */
#include "base/secret.h"

#include "base/log.h"

#include <string.h>

#include "support/cmocka_all.h"

#define JWT "eyJhbGciOiJFUzM4NCJ9.eyJhIjoxfQ.c2ln_bmF0-dXJl"

struct shown_as {
    const char *text, *shown;
};

static void assert_all_shown(const struct shown_as *cases, size_t count)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    for (size_t i = 0; i < count; i++)
        assert_string_equal(secret_hide(arena, cases[i].text), cases[i].shown);
}

static void stream_keys_are_hidden(void **state)
{
    static const struct shown_as cases[] = {
        {"sk_us-west-2_AbCdEfGh1234_0123456789",  "sk_us-west-2_***"                 },
        {"/sk_us-west-2_AbCd_0123456789",         "/sk_us-west-2_***"                },
        {"/x/sk_us-west-2_AbCd_01?a=b",           "/x/sk_us-west-2_***?a=b"          },
        {"rtmp://h/app/sk_eu-west-1_a_b c",       "rtmp://h/app/sk_eu-west-1_*** c"  },
        {"rt_123456789012_us-west-2_AbCd_01-x.y", "rt_123456789012_***"              },
        {"sk_us-west-2_a,sk_us-west-2_b",         "sk_us-west-2_***,sk_us-west-2_***"},
        {"sk_us-west-2_a/b",                      "sk_us-west-2_***"                 },
    };

    (void)state;
    assert_all_shown(cases, COUNT_OF(cases));
}

static void tokens_are_hidden(void **state)
{
    static const struct shown_as cases[] = {
        {JWT,                 "eyJ***"          },
        {"/events/" JWT "/x", "/events/eyJ***/x"},
        {"Bearer " JWT,       "Bearer eyJ***"   },
        {"eyJhbGciOiJFUzM4",  "eyJ***"          },
    };

    (void)state;
    assert_all_shown(cases, COUNT_OF(cases));
}

static void users_and_passwords_of_urls_are_hidden(void **state)
{
    static const struct shown_as cases[] = {
        {"http://user:hush@host/path",        "http://***@host/path"             },
        {"https://user@host",                 "https://***@host"                 },
        {"http://user:hu/s#h?@host",          "http://***@host"                  },
        {"http://user:hush@a b@host",         "http://***@a b@host"              },
        {"eventbridge+http://u:hu@sh@host:1", "eventbridge+http://***@host:1"    },
        {"user:hush@host",                    "***@host"                         },
        {"cannot reach \"http://u:p@h\": no", "cannot reach \"http://***@h\": no"},
        {"/http://u:p@h",                     "/http://***@h"                    },
    };

    (void)state;
    assert_all_shown(cases, COUNT_OF(cases));
}

static void values_after_the_name_of_a_secret_are_hidden(void **state)
{
    static const struct shown_as cases[] = {
        {"/play.m3u8?token=hush&a=b",             "/play.m3u8?token=***&a=b"        },
        {"X-Amz-Signature=0a1b&X-Amz-Date=1",     "X-Amz-Signature=***&X-Amz-Date=1"},
        {"x-amz-security-token=hush",             "x-amz-security-token=***"        },
        {"Credential=a/b, Signature=hush\n",      "Credential=a/b, Signature=***\n" },
        {"?passphrase=a%20b/c+d==",               "?passphrase=***"                 },
        {"AWS_SECRET_ACCESS_KEY=hush",            "AWS_SECRET_ACCESS_KEY=***"       },
        {"streamKey=hush;password=hush",          "streamKey=***;password=***"      },
        {"{\"passphrase\":\"hu\\\"sh\",\"a\":1}", "{\"passphrase\":\"***\",\"a\":1}"},
        {"{\"token\" : \n\"hush\"}",              "{\"token\" : \n\"***\"}"         },
        {"{\"password\":4711}",                   "{\"password\":***}"              },
    };

    (void)state;
    assert_all_shown(cases, COUNT_OF(cases));
}

static void everything_else_is_shown(void **state)
{
    static const char *const texts[] = {
        "",
        "/CreateChannel",
        "/tags/arn:aws:ivs:us-west-2:123456789012:channel/AbCdEf123456",
        "arn:aws:ivs:us-west-2:123456789012:stream-key/AbCdEf123456",
        "http://127.0.0.1:4580/",
        "http://localhost:4580/sk_us-west-2_",
        "sk_us-west-2",
        "risk_us-west-2_a",
        "task_sk_a",
        "eyJ",
        "eyJabc",
        "heyJhbGciOiJFUzM4NCJ9.eyJhIjoxfQ",
        "someone@example.com",
        "a: b@c",
        "tagKeys=team",
        "token=",
        "the token is invalid",
        "{\"token\":\"\"}",
        "{\"key\":\"team\"}",
        "X-Amz-SignedHeaders=host",
        "=",
        "\"",
        "@",
        "://@",
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_string_equal(secret_hide(arena, texts[i]), texts[i]);
}

static void what_follows_app_in_a_path_is_hidden(void **state)
{
    static const struct shown_as cases[] = {
        {"/app/any-key/x",       "/app/***"          },
        {"/live/app/any-key",    "/live/app/***"     },
        {"/app/",                "/app/"             },
        {"/apps/any",            "/apps/any"         },
        {"/token=a/app/any-key", "/token=***/app/***"},
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(secret_hide_in_path(arena, cases[i].text), cases[i].shown);
}

/* A text is cut to the size of a line: a secret in it must be found before. */
static void a_quoted_text_shows_no_secret_wherever_it_is_cut(void **state)
{
    static const char secret[] = "http://user:hush-hush-hush-hush@host";
    char text[2 * LOG_QUOTED_BYTES], out[LOG_QUOTED_BYTES];

    (void)state;
    for (size_t before = 0; before <= LOG_QUOTED_BYTES; before++) {
        memset(text, ' ', before);
        memcpy(text + before, secret, sizeof(secret));
        assert_null(strstr(log_quoted(text, out), "hu"));
    }
    assert_string_equal(log_quoted("a\nsk_us-west-2_hush b", out),
                        "\"a\\x0ask_us-west-2_*** b\"");
}

static void names_of_secrets_are_recognized_in_any_case(void **state)
{
    (void)state;
    assert_true(secret_is_name("passphrase"));
    assert_true(secret_is_name("streamKey"));
    assert_true(secret_is_name("X-Amz-Security-Token"));
    assert_true(secret_is_name("SecretAccessKey"));
    assert_false(secret_is_name(""));
    assert_false(secret_is_name("name"));
    assert_false(secret_is_name("key"));
    assert_false(secret_is_name("tokens"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stream_keys_are_hidden),
        cmocka_unit_test(tokens_are_hidden),
        cmocka_unit_test(users_and_passwords_of_urls_are_hidden),
        cmocka_unit_test(values_after_the_name_of_a_secret_are_hidden),
        cmocka_unit_test(everything_else_is_shown),
        cmocka_unit_test(what_follows_app_in_a_path_is_hidden),
        cmocka_unit_test(a_quoted_text_shows_no_secret_wherever_it_is_cut),
        cmocka_unit_test(names_of_secrets_are_recognized_in_any_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
