/*
 * Signature Version 4, with the examples that AWS publishes.
 */
#include "base/sigv4.h"

#include <string.h>

#include "support/cmocka_all.h"

#define KEY_ID "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define DATE "20150830T123600Z"

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static struct sigv4_signer example_of(const char *service)
{
    return (struct sigv4_signer){.key_id = KEY_ID,
                                 .secret = SECRET,
                                 .region = "us-east-1",
                                 .service = service,
                                 .date = DATE};
}

/* The test suite of AWS, get-vanilla and post-vanilla. */
static void simple_requests_are_signed_as_in_the_test_suite(void **state)
{
    static const struct {
        const char *method;
        const char *signature;
    } cases[] = {
        {"GET",  "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        {"POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    };
    const struct http_header headers[] = {
        {"host",       "example.amazonaws.com"},
        {"x-amz-date", DATE                   },
        {NULL,         NULL                   },
    };
    const struct sigv4_signer signer = example_of("service");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct sigv4_request request = {.method = cases[i].method,
                                              .path = "/",
                                              .query = "",
                                              .headers = headers,
                                              .payload_hash =
                                                  sigv4_payload_hash(*state, "", 0)};

        const char *authorization = sigv4_authorization(*state, &signer, &request);

        assert_string_equal(
            authorization,
            arena_printf(
                *state,
                "AWS4-HMAC-SHA256 "
                "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                "SignedHeaders=host;x-amz-date, Signature=%s",
                cases[i].signature));
    }
}

/* The example of the documentation: GET of ListUsers. */
static void a_request_with_a_query_is_signed_as_in_the_documentation(void **state)
{
    const struct http_header headers[] = {
        {"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
        {"host",         "iam.amazonaws.com"                               },
        {"x-amz-date",   DATE                                              },
        {NULL,           NULL                                              },
    };
    const struct sigv4_signer signer = example_of("iam");
    const struct sigv4_request request = {.method = "GET",
                                          .path = "/",
                                          .query = "Action=ListUsers&Version=2010-05-08",
                                          .headers = headers,
                                          .payload_hash =
                                              sigv4_payload_hash(*state, "", 0)};

    const char *authorization = sigv4_authorization(*state, &signer, &request);

    assert_string_equal(
        authorization,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

/* The test suite of AWS, post-x-www-form-urlencoded. */
static void a_body_is_signed_as_in_the_test_suite(void **state)
{
    static const char body[] = "Param1=value1";
    const struct http_header headers[] = {
        {"content-type", "application/x-www-form-urlencoded"},
        {"host",         "example.amazonaws.com"            },
        {"x-amz-date",   DATE                               },
        {NULL,           NULL                               },
    };
    const struct sigv4_signer signer = example_of("service");
    const struct sigv4_request request = {
        .method = "POST",
        .path = "/",
        .query = "",
        .headers = headers,
        .payload_hash = sigv4_payload_hash(*state, body, strlen(body))};

    const char *authorization = sigv4_authorization(*state, &signer, &request);

    assert_non_null(strstr(
        authorization,
        "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));
}

static void dates_are_in_the_basic_form_of_iso_8601(void **state)
{
    assert_string_equal(sigv4_date(*state, INT64_C(1440938160000)), DATE);
    assert_string_equal(sigv4_date(*state, INT64_C(1440938160999)), DATE);
}

static void dates_are_read_back(void **state)
{
    static const char *const wrong[] = {
        "",
        "20150830T123600",
        "20150830T123600Z0",
        "2015-08-30T12:36:00Z",
        "20150830 123600Z",
        "20150830T123600z",
        "20150230T123600Z",
        "20150830T126000Z",
        "20150830T1236+0Z",
        "Mon, 09 Sep 2011",
    };
    int64_t ms = 7;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(sigv4_read_date(wrong[i], &ms), -1);
    assert_int_equal(ms, 7);
    assert_int_equal(sigv4_read_date(DATE, &ms), 0);
    assert_int_equal(ms, INT64_C(1440938160000));
}

static void a_path_is_normalized_and_encoded_once_more(void **state)
{
    static const char *const paths[][2] = {
        {"",               "/"                       },
        {"/",              "/"                       },
        {"//",             "/"                       },
        {"/.",             "/"                       },
        {"/..",            "/"                       },
        {"/../..",         "/"                       },
        {"/a/..",          "/"                       },
        {"/abc/../d",      "/d"                      },
        {"/a/./b//c/",     "/a/b/c/"                 },
        {"/a/b/..",        "/a"                      },
        {"/a/b/../",       "/a/"                     },
        {"/...",           "/..."                    },
        {"/a b",           "/a%20b"                  },
        {"/arn%3Aaws",     "/arn%253Aaws"            },
        {"/arn:aws",       "/arn%3Aaws"              },
        {"/\xE1\x88\xB4",  "/%E1%88%B4"              },
        {"/-._~aZ09!*'()", "/-._~aZ09%21%2A%27%28%29"},
    };

    for (size_t i = 0; i < COUNT_OF(paths); i++)
        assert_string_equal(sigv4_path(*state, paths[i][0]), paths[i][1]);
}

static void a_path_of_s3_keeps_its_segments_and_is_encoded_once(void **state)
{
    static const char *const paths[][2] = {
        {"",                    "/"                       },
        {"/",                   "/"                       },
        {"//",                  "//"                      },
        {"/bucket//a/./b/../c", "/bucket//a/./b/../c"     },
        {"/a/b/",               "/a/b/"                   },
        {"/a b",                "/a%20b"                  },
        {"/a%20b",              "/a%20b"                  },
        {"/a+b%2B",             "/a%2Bb%2B"               },
        {"/test$file.text",     "/test%24file.text"       },
        {"/test%24file.text",   "/test%24file.text"       },
        {"/a%2fb%7e",           "/a%2Fb~"                 },
        {"/100%",               "/100%25"                 },
        {"/%zz%4",              "/%25zz%254"              },
        {"/\xE1\x88\xB4",       "/%E1%88%B4"              },
        {"/-._~aZ09!*'()",      "/-._~aZ09%21%2A%27%28%29"},
    };

    for (size_t i = 0; i < COUNT_OF(paths); i++)
        assert_string_equal(sigv4_s3_path(*state, paths[i][0]), paths[i][1]);
}

static void a_query_is_encoded_canonically_and_sorted(void **state)
{
    static const char *const queries[][2] = {
        {"",               ""                    },
        {"&&",             ""                    },
        {"a",              "a="                  },
        {"=v",             "=v"                  },
        {"b=2&a=1",        "a=1&b=2"             },
        {"a=2&a=1&A=3",    "A=3&a=1&a=2"         },
        {"a=1=2",          "a=1%3D2"             },
        {"a=%41%7e%2b+",   "a=A~%2B%20"          },
        {"a+=+%20&+",      "%20=&a%20=%20%20"    },
        {"a=%e1%88%b4",    "a=%E1%88%B4"         },
        {"a=%zz&b=%4&c=%", "a=%25zz&b=%254&c=%25"},
        {"a=%00",          "a=%00"               },
        {"ab=1&a-=2",      "a-=2&ab=1"           },
        {"a%2Db=1",        "a-b=1"               },
    };

    for (size_t i = 0; i < COUNT_OF(queries); i++)
        assert_string_equal(sigv4_query(*state, queries[i][0]), queries[i][1]);
}

/* The canonical form of a parsed target. */
static const char *pairs_of(struct arena *arena, const char *target, const char *without)
{
    struct uri uri;

    assert_int_equal(uri_parse(arena, target, &uri), 0);
    return sigv4_pairs(arena, &uri, without);
}

static void a_parsed_query_has_the_same_canonical_form(void **state)
{
    static const char *const queries[] = {
        "",
        "&&",
        "a",
        "=v",
        "b=2&a=1",
        "a=2&a=1&A=3",
        "a=1=2",
        "a=%41%7e%2b+",
        "a+=+%20&+",
        "a=%e1%88%b4",
        "a=\xe1\x88\xb4",
        "ab=1&a-=2",
        "a%2Db=1&%26=%3D%25%23",
    };

    for (size_t i = 0; i < COUNT_OF(queries); i++)
        assert_string_equal(
            pairs_of(*state, arena_printf(*state, "/?%s", queries[i]), NULL),
            sigv4_query(*state, queries[i]));
    assert_string_equal(pairs_of(*state, "/?b=1&a=2#&c=3", NULL), "a=2&b=1");
}

static void a_pair_can_be_left_out_of_a_query(void **state)
{
    assert_string_equal(pairs_of(*state, "/?b=1&Sig=2&a=3&Sig=4&Sigh=5", "Sig"),
                        "Sigh=5&a=3&b=1");
    assert_string_equal(pairs_of(*state, "/?Si%67=2", "Sig"), "");
}

static void a_value_is_trimmed_and_single_spaced(void **state)
{
    static const char *const values[][2] = {
        {"",                  ""       },
        {" \t ",              ""       },
        {"a",                 "a"      },
        {"  a   b\t\r\n c  ", "a b c"  },
        {"\"a   b\"",         "\"a b\""},
    };

    for (size_t i = 0; i < COUNT_OF(values); i++)
        assert_string_equal(sigv4_value(*state, values[i][0]), values[i][1]);
}

#define SIGN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGN_TEST(simple_requests_are_signed_as_in_the_test_suite),
        SIGN_TEST(a_request_with_a_query_is_signed_as_in_the_documentation),
        SIGN_TEST(a_body_is_signed_as_in_the_test_suite),
        SIGN_TEST(dates_are_in_the_basic_form_of_iso_8601),
        SIGN_TEST(dates_are_read_back),
        SIGN_TEST(a_path_is_normalized_and_encoded_once_more),
        SIGN_TEST(a_path_of_s3_keeps_its_segments_and_is_encoded_once),
        SIGN_TEST(a_query_is_encoded_canonically_and_sorted),
        SIGN_TEST(a_parsed_query_has_the_same_canonical_form),
        SIGN_TEST(a_pair_can_be_left_out_of_a_query),
        SIGN_TEST(a_value_is_trimmed_and_single_spaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
