/*
 * Every response as sent: status, headers, body.
 */
#include "support/wire.h"

#include <string.h>

#include "support/cmocka_all.h"

static const struct {
    const char *name;
    const char *value;
} fixed_headers[] = {
    {"Access-Control-Expose-Headers",
     "Access-Control-Allow-Origin,Access-Control-Expose-Headers,Cache-Control,"
     "Content-Length,Content-Security-Policy,Content-Type,date,Strict-Transport-Security,"
     "x-amz-apigw-id,x-amzn-errormessage,x-amzn-errortype,x-amzn-requestid,"
     "x-amzn-trace-id,X-Content-Type-Options,X-Frame-Options"                         },
    {"Access-Control-Allow-Origin",   "*"                                             },
    {"Cache-Control",                 "no-store, no-cache"                            },
    {"Content-Security-Policy",       "default-src 'self'; upgrade-insecure-requests;"},
    {"Strict-Transport-Security",     "max-age:47304000; includeSubDomains"           },
    {"X-Content-Type-Options",        "nosniff"                                       },
    {"X-Frame-Options",               "DENY"                                          },
};

static void assert_request_id(const struct http_answer *answer)
{
    static const char form[] = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
    const char *id = http_header(answer, "x-amzn-RequestId");

    assert_non_null(id);
    assert_header(answer, "x-amzn-RequestId", id);
    assert_int_equal(strlen(id), strlen(form));
    for (size_t i = 0; form[i] != '\0'; i++) {
        const char *allowed = form[i] == 'x'   ? "0123456789abcdef"
                              : form[i] == 'v' ? "89ab"
                              : form[i] == '4' ? "4"
                                               : "-";
        if (strchr(allowed, id[i]) == NULL)
            fail_msg("the request id %s is not a version 4 UUID", id);
    }
}

static void assert_fixed_headers(const struct http_answer *answer)
{
    for (size_t i = 0; i < COUNT_OF(fixed_headers); i++)
        assert_header(answer, fixed_headers[i].name, fixed_headers[i].value);
    assert_request_id(answer);
}

static void success_has_every_fixed_header(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_post(client, "/CreateChannel", "{}");

    assert_success(answer.reply, 200);
    assert_fixed_headers(&answer);
    assert_header(&answer, "Content-Type", "application/json");
    assert_null(http_header(&answer, "x-amzn-ErrorType"));
}

static void each_service_sends_the_fixed_headers(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer made = http_post(client, "/CreateRoom", "{}");
    struct http_answer refused = http_post(client, "/GetRoom", "{}");

    assert_success(made.reply, 200);
    assert_fixed_headers(&made);
    assert_error_answer(&refused, 400, "ValidationException");
    assert_fixed_headers(&refused);
}

static void an_error_has_every_fixed_header(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_post(client, "/GetChannel", "{}");

    assert_error_answer(&answer, 400, "ValidationException");
    assert_fixed_headers(&answer);
}

static void no_content_has_every_fixed_header_and_no_body(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "gone");

    struct http_answer answer =
        http_post(client, "/DeleteChannel", wire_printf(wire, "{\"arn\":\"%s\"}", arn));

    assert_success(answer.reply, 204);
    assert_fixed_headers(&answer);
    assert_null(http_header(&answer, "Content-Type"));
    /* A body would be read as the beginning of this response. */
    assert_int_equal(wire_count_channels(client), 0);
}

static void an_unknown_path_has_every_fixed_header(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_post(client, "/NoSuchOperation", "{}");

    assert_error_answer(&answer, 404, "UnknownOperationException");
    assert_fixed_headers(&answer);
}

static void a_refused_origin_has_the_fixed_headers_but_no_allow_origin(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_call(client, "POST", "/ListChannels",
                                          "Origin: http://elsewhere.example\r\n", "{}");

    assert_error_answer(&answer, 403, "OriginRefusedException");
    assert_null(http_header(&answer, "Access-Control-Allow-Origin"));
    assert_request_id(&answer);
    assert_header(&answer, "Cache-Control", "no-store, no-cache");
    assert_header(&answer, "X-Frame-Options", "DENY");
}

static void a_preflight_has_a_request_id_and_the_fixed_headers(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_call(client, "OPTIONS", "/ListChannels",
                                          "Origin: http://localhost\r\n"
                                          "Access-Control-Request-Method: POST\r\n",
                                          NULL);

    assert_success(answer.reply, 204);
    assert_fixed_headers(&answer);
}

static void every_answer_has_its_own_request_id(void **state)
{
    enum { CALLS = 50 };
    struct http_client *client = wire_connect(*state);
    const char *ids[CALLS];

    for (size_t i = 0; i < CALLS; i++) {
        struct http_answer answer =
            http_post(client, i % 2 == 0 ? "/ListChannels" : "/GetChannel", "{}");
        assert_request_id(&answer);
        ids[i] = http_header(&answer, "x-amzn-RequestId");
    }

    for (size_t i = 0; i < CALLS; i++) {
        for (size_t j = i + 1; j < CALLS; j++)
            assert_string_not_equal(ids[i], ids[j]);
    }
}

static void an_error_says_its_message_in_both_members(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_post(client, "/GetChannel", "{}");

    assert_error_answer(&answer, 400, "ValidationException");
    assert_string_equal(answer.reply.message, "GetChannel.arn is a required attribute");
    assert_string_equal(reply_string(answer.reply, "exceptionMessage"),
                        answer.reply.message);
    assert_int_equal(reply_count(answer.reply, ""), 3);
}

static void an_error_of_the_control_api_has_no_exception_message(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer =
        http_post(client, "/_ivs-local/Reset", "{\"allAccounts\":\"yes\"}");

    assert_error_answer(&answer, 400, "SerializationException");
    assert_int_equal(reply_count(answer.reply, ""), 2);
    assert_fixed_headers(&answer);
}

static void every_kind_of_error_has_its_status(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "lobby");
    const struct {
        const char *target;
        const char *headers;
        const char *body;
        int status;
        const char *error;
    } cases[] = {
        {"/GetChannel",                   "", "{\"arn\":1}",                             400,                       "SerializationException"                 },
        {"/GetChannel",                   "", "{",                                       400,                       "SerializationException"                 },
        {"/ListChannels",                 "", "{\"maxResults\":0}",                      400,                       "ValidationException"                    },
        {"/ListChannels",                 "",
         "{\"filterByName\":\"a\","
         "\"filterByRecordingConfigurationArn\":"
         "\"arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh\"}", 409,                       "ConflictException"                      },
        {"/GetChannel",                   "",
         "{\"arn\":\"arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh\"}",        404,
         "ResourceNotFoundException"                                                                                                                         },
        {"/CreateStreamKey",              "", wire_printf(wire,                          "{\"channelArn\":\"%s\"}", arn),                                      402,
         "ServiceQuotaExceededException"},
        {"/NoSuchOperation", "",   "{}",                           404,                                                  "UnknownOperationException"                                                                                    },
        {"/ListChannels",    "Authorization: AWS4-HMAC-SHA256\r\n",      "{}",                                 403,
         "IncompleteSignatureException"},
        {"/ListChannels?%zz",  "",    "{}",                           400,                                                 "BadRequestException"                                                                                                                                                                      },
        {"/ListChannels",          "Origin: null\r\n",            "{}",                                       403,"OriginRefusedException"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_answer answer =
            http_call(client, "POST", cases[i].target, cases[i].headers, cases[i].body);
        assert_error_answer(&answer, cases[i].status, cases[i].error);
    }
}

static void a_wrong_method_is_an_unknown_operation(void **state)
{
    static const char *const methods[] = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"};
    struct http_client *client = wire_connect(*state);

    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        struct http_answer answer =
            http_call(client, methods[i], "/ListChannels", "", NULL);
        assert_error_answer(&answer, 404, "UnknownOperationException");
    }
}

static void names_of_operations_are_case_sensitive(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_post(client, "/listchannels", "{}");

    assert_error_answer(&answer, 404, "UnknownOperationException");
}

static void a_path_with_a_suffix_is_unknown(void **state)
{
    static const char *const targets[] = {"/", "/ListChannels/", "/ListChannels/x",
                                          "/_ivs-local/nothing"};
    struct http_client *client = wire_connect(*state);

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_answer answer = http_post(client, targets[i], "{}");
        assert_error_answer(&answer, 404, "UnknownOperationException");
    }
}

static void head_is_answered_without_a_body(void **state)
{
    static const struct {
        const char *target;
        int status;
    } cases[] = {
        {"/_ivs-local/health",  200},
        {"/_ivs-local/metrics", 200},
        {"/ListChannels",       404},
    };
    struct http_client *client = wire_connect(*state);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_answer answer = http_call(client, "HEAD", cases[i].target, "", NULL);
        assert_int_equal(answer.reply.status, cases[i].status);
        assert_fixed_headers(&answer);
        /* A body would be read as the beginning of this response. */
        assert_int_equal(wire_count_channels(client), 0);
    }
}

static void head_has_the_length_and_the_refusals_of_get(void **state)
{
    static const char *const headers[] = {
        "", "Origin: http://localhost:3000\r\n", "Origin: https://elsewhere.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n", "Authorization: AWS4-HMAC-SHA256\r\n"};
    static const char *const compared[] = {"Content-Length", "Content-Type",
                                           "Access-Control-Allow-Origin",
                                           "x-amzn-ErrorType"};
    struct http_client *client = wire_connect(*state);

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        struct http_answer get =
            http_call(client, "GET", "/_ivs-local/health", headers[i], NULL);
        struct http_answer head =
            http_call(client, "HEAD", "/_ivs-local/health", headers[i], NULL);
        assert_int_equal(head.reply.status, get.reply.status);
        assert_int_equal(head.body_length, 0);
        for (size_t j = 0; j < COUNT_OF(compared); j++) {
            const char *expected = http_header(&get, compared[j]);
            if (expected == NULL)
                assert_null(http_header(&head, compared[j]));
            else
                assert_header(&head, compared[j], expected);
        }
    }
}

static void a_missing_body_is_an_empty_object(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer none = http_call(client, "POST", "/ListChannels", "", NULL);
    struct http_answer empty = http_call(client, "POST", "/CreateChannel", "", "");

    assert_success(none.reply, 200);
    assert_success(empty.reply, 200);
}

static void the_content_type_of_a_request_does_not_matter(void **state)
{
    static const char *const headers[] = {"Content-Type: application/json\r\n",
                                          "Content-Type: application/x-amz-json-1.1\r\n",
                                          "Content-Type: text/plain\r\n",
                                          "Content-Type: multipart/form-data\r\n"};
    struct http_client *client = wire_connect(*state);

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        struct http_answer answer = http_call(client, "POST", "/CreateChannel",
                                              headers[i], "{\"name\":\"lobby\"}");
        assert_success(answer.reply, 200);
        assert_string_equal(reply_string(answer.reply, "channel.name"), "lobby");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(success_has_every_fixed_header),
        wire_test(each_service_sends_the_fixed_headers),
        wire_test(an_error_has_every_fixed_header),
        wire_test(no_content_has_every_fixed_header_and_no_body),
        wire_test(an_unknown_path_has_every_fixed_header),
        wire_test(a_refused_origin_has_the_fixed_headers_but_no_allow_origin),
        wire_test(a_preflight_has_a_request_id_and_the_fixed_headers),
        wire_test(every_answer_has_its_own_request_id),
        wire_test(an_error_says_its_message_in_both_members),
        wire_test(an_error_of_the_control_api_has_no_exception_message),
        wire_test(every_kind_of_error_has_its_status),
        wire_test(a_wrong_method_is_an_unknown_operation),
        wire_test(names_of_operations_are_case_sensitive),
        wire_test(a_path_with_a_suffix_is_unknown),
        wire_test(head_is_answered_without_a_body),
        wire_test(head_has_the_length_and_the_refusals_of_get),
        wire_test(a_missing_body_is_an_empty_object),
        wire_test(the_content_type_of_a_request_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
