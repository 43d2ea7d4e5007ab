/*
 * The responses of message review handlers, and the requests to them.
 */
#include "../../src/chat/review_call_internal.h"

#include "base/text.h"

#include <string.h>

#include "support/cmocka_all.h"

enum { MAX_CHARS = 5 };

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

static struct review_result read_valid(struct arena *arena, const char *body)
{
    struct review_result result;
    const char *why = NULL;

    if (review_read(arena, body, strlen(body), MAX_CHARS, &result, &why) != 0)
        fail_msg("%s: %s", body, why);
    return result;
}

static void assert_invalid(struct arena *arena, const char *body, const char *expected)
{
    struct review_result result = {.reason = "untouched"};
    const char *why = NULL;

    assert_int_equal(review_read(arena, body, strlen(body), MAX_CHARS, &result, &why),
                     -1);
    assert_string_equal(why, expected);
    assert_string_equal(result.reason, "untouched");
}

static void an_allowed_message_has_the_text_of_the_handler(void **state)
{
    struct review_result result =
        read_valid(*state, "{\"ReviewResult\":\"ALLOW\",\"Content\":\"hi\"}");

    assert_int_equal(result.outcome, REVIEW_ALLOWED);
    assert_string_equal(result.content, "hi");
    assert_null(result.attributes);
}

static void attributes_of_the_handler_replace_those_of_the_message(void **state)
{
    static const char *const bodies[][2] = {
        {"{\"ReviewResult\":\"ALLOW\",\"Content\":\"a\",\"Attributes\":{\"b\":\"c\"}}",
         "{\"b\":\"c\"}"                                                                    },
        {"{\"ReviewResult\":\"ALLOW\",\"Content\":\"a\",\"Attributes\":{}}",            "{}"},
        {"{\"ReviewResult\":\"ALLOW\",\"Content\":\"a\",\"Attributes\":null}",          NULL},
        {"{\"ReviewResult\":\"ALLOW\",\"Content\":\"a\",\"Other\":[1,{}],\"X\":true}",
         NULL                                                                               },
    };

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct review_result result = read_valid(*state, bodies[i][0]);

        if (bodies[i][1] == NULL)
            assert_null(result.attributes);
        else
            assert_string_equal(result.attributes, bodies[i][1]);
    }
}

static void a_denied_message_has_the_reason_of_the_attributes(void **state)
{
    static const char *const bodies[][2] = {
        {"{\"ReviewResult\":\"DENY\",\"Content\":\"a\",\"Attributes\":{\"Reason\":"
         "\"bad\"}}",                                              "bad"},
        {"{\"ReviewResult\":\"DENY\"}",                                     ""   },
        {"{\"ReviewResult\":\"DENY\",\"Attributes\":{\"reason\":\"bad\"}}", ""   },
        {"{\"ReviewResult\":\"DENY\",\"Content\":\"much too long\"}",       ""   },
        {"{\"ReviewResult\":\"DENY\",\"Content\":7,\"Attributes\":null}",   ""   },
    };

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct review_result result = read_valid(*state, bodies[i][0]);

        assert_int_equal(result.outcome, REVIEW_DENIED);
        assert_string_equal(result.reason, bodies[i][1]);
    }
}

#define ALLOW "{\"ReviewResult\":\"ALLOW\",\"Content\":"

static void length_is_counted_in_characters(void **state)
{
    assert_string_equal(read_valid(*state, ALLOW "\"\xc3\xa4\xf0\x9f\x98\x80"
                                                 "abc\"}")
                            .content,
                        "\xc3\xa4\xf0\x9f\x98\x80"
                        "abc");
    assert_string_equal(read_valid(*state, ALLOW "\"\\ud83d\\ude00abcd\"}").content,
                        "\xf0\x9f\x98\x80"
                        "abcd");
    assert_invalid(*state, ALLOW "\"abcdef\"}", "Content is too long");
}

static void an_invalid_response_says_why(void **state)
{
    static const char *const bodies[][2] = {
        {"[]",                                                        "it is not an object"                   },
        {"\"ALLOW\"",                                                 "it is not an object"                   },
        {"null",                                                      "it is not an object"                   },
        {"{}",                                                        "ReviewResult is neither ALLOW nor DENY"},
        {"{\"ReviewResult\":\"allow\",\"Content\":\"a\"}",
         "ReviewResult is neither ALLOW nor DENY"                                                             },
        {"{\"reviewResult\":\"ALLOW\",\"Content\":\"a\"}",
         "ReviewResult is neither ALLOW nor DENY"                                                             },
        {"{\"ReviewResult\":\"ALLOW\"}",                              "Content is missing or not a string"    },
        {ALLOW "null}",                                               "Content is missing or not a string"    },
        {ALLOW "7}",                                                  "Content is missing or not a string"    },
        {ALLOW "\"\"}",                                               "Content is empty"                      },
        {ALLOW "\"a\",\"Attributes\":[]}",                            "Attributes is not an object"           },
        {ALLOW "\"a\",\"Attributes\":\"\"}",                          "Attributes is not an object"           },
        {ALLOW "\"a\",\"Attributes\":{\"b\":1}}",                     "an attribute is not a string"          },
        {ALLOW "\"a\",\"Attributes\":{\"b\":null}}",                  "an attribute is not a string"          },
        {"{\"ReviewResult\":\"DENY\",\"Attributes\":{\"Reason\":1}}",
         "an attribute is not a string"                                                                       },
    };

    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        assert_invalid(*state, bodies[i][0], bodies[i][1]);
}

static void what_is_not_json_is_invalid(void **state)
{
    static const char *const bodies[] = {"", "<html>", "{\"ReviewResult\":\"DENY\"",
                                         "{\"ReviewResult\":\"DENY\"} x",
                                         ALLOW "\"\xff\"}"};

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct review_result result;
        const char *why = NULL;

        assert_int_equal(
            review_read(*state, bodies[i], strlen(bodies[i]), MAX_CHARS, &result, &why),
            -1);

        assert_non_null(why);
    }
}

static void attributes_have_at_most_1024_bytes(void **state)
{
    char value[1025] = "";
    memset(value, 'v', 1023);

    (void)read_valid(
        *state,
        arena_printf(*state, ALLOW "\"a\",\"Attributes\":{\"k\":\"%s\"}}", value));
    assert_invalid(
        *state,
        arena_printf(*state, ALLOW "\"a\",\"Attributes\":{\"kk\":\"%s\"}}", value),
        "Attributes is too long");
}

#define ARN "arn:aws:lambda:us-west-2:123456789012:function:"

static void a_function_is_found_by_the_name_in_its_arn(void **state)
{
    static const char *const functions[] = {"check=http://a", "check-2=http://b",
                                            "check=http://c/d?e", NULL};

    assert_string_equal(review_function_name(*state, ARN "check"), "check");
    assert_string_equal(review_function_name(*state, ARN "check:live"), "check");
    assert_string_equal(review_function_name(*state, "check"), "");
    assert_string_equal(review_function_url(functions, "check"), "http://c/d?e");
    assert_string_equal(review_function_url(functions, "check-2"), "http://b");
    assert_null(review_function_url(functions, "chec"));
    assert_null(review_function_url(functions, ""));
}

static const struct review_request request = {
    .scope = {.account = "123456789012", .region = "us-west-2"},
    .uri = ARN "check:live",
    .event = "{\"Content\":\"hi\"}",
    .maximum_message_length = 10,
};

static void a_handler_is_invoked_at_the_endpoint_of_lambda(void **state)
{
    struct http_client_request out;

    review_compose(*state, "http://a/b", NULL, &request, &out);

    assert_string_equal(out.method, "POST");
    assert_string_equal(out.url,
                        "http://a/b/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%"
                        "3A123456789012%3Afunction%3Acheck%3Alive/invocations");
    assert_string_equal(out.body, "{\"Content\":\"hi\"}");
    assert_string_equal(http_header_find(out.headers, "x-amz-invocation-type"),
                        "RequestResponse");
    assert_non_null(strstr(http_header_find(out.headers, "authorization"),
                           "/us-west-2/lambda/aws4_request"));
}

static void a_web_server_gets_the_same_event_without_a_signature(void **state)
{
    struct http_client_request out;

    review_compose(*state, "http://a", "http://b/c?d=e", &request, &out);

    assert_string_equal(out.url, "http://b/c?d=e");
    assert_string_equal(out.body, "{\"Content\":\"hi\"}");
    assert_string_equal(http_header_find(out.headers, "content-type"),
                        "application/json");
    assert_null(http_header_find(out.headers, "authorization"));
}

#define RESPONSE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RESPONSE_TEST(an_allowed_message_has_the_text_of_the_handler),
        RESPONSE_TEST(attributes_of_the_handler_replace_those_of_the_message),
        RESPONSE_TEST(a_denied_message_has_the_reason_of_the_attributes),
        RESPONSE_TEST(length_is_counted_in_characters),
        RESPONSE_TEST(an_invalid_response_says_why),
        RESPONSE_TEST(what_is_not_json_is_invalid),
        RESPONSE_TEST(attributes_have_at_most_1024_bytes),
        RESPONSE_TEST(a_function_is_found_by_the_name_in_its_arn),
        RESPONSE_TEST(a_handler_is_invoked_at_the_endpoint_of_lambda),
        RESPONSE_TEST(a_web_server_gets_the_same_event_without_a_signature),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
