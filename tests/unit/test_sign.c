/*
 * Signature Version 4, by the examples that AWS publishes.
 */
#include "../../src/events/sign_internal.h"

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

static struct signer example_of(const char *service)
{
    return (struct signer){.key_id = KEY_ID,
                           .secret = SECRET,
                           .region = "us-east-1",
                           .service = service,
                           .date = DATE};
}

/* The test suite of AWS, get-vanilla and post-vanilla. */
static void the_plainest_requests_are_signed_as_in_the_test_suite(void **state)
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
    const struct signer signer = example_of("service");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct sign_request request = {.method = cases[i].method,
                                             .path = "/",
                                             .query = "",
                                             .headers = headers,
                                             .body = ""};

        const char *authorization = sign_authorization(*state, &signer, &request);

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
    const struct signer signer = example_of("iam");
    const struct sign_request request = {.method = "GET",
                                         .path = "/",
                                         .query = "Action=ListUsers&Version=2010-05-08",
                                         .headers = headers,
                                         .body = ""};

    const char *authorization = sign_authorization(*state, &signer, &request);

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
    const struct signer signer = example_of("service");
    const struct sign_request request = {.method = "POST",
                                         .path = "/",
                                         .query = "",
                                         .headers = headers,
                                         .body = body,
                                         .body_length = strlen(body)};

    const char *authorization = sign_authorization(*state, &signer, &request);

    assert_non_null(strstr(
        authorization,
        "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));
}

static void dates_are_in_the_basic_form_of_iso_8601(void **state)
{
    assert_string_equal(sign_date(*state, INT64_C(1440938160000)), DATE);
    assert_string_equal(sign_date(*state, INT64_C(1440938160999)), DATE);
}

#define SIGN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGN_TEST(the_plainest_requests_are_signed_as_in_the_test_suite),
        SIGN_TEST(a_request_with_a_query_is_signed_as_in_the_documentation),
        SIGN_TEST(a_body_is_signed_as_in_the_test_suite),
        SIGN_TEST(dates_are_in_the_basic_form_of_iso_8601),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
