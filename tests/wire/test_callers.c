/*
 * The caller: the account and the region of a signature.
 */
#include "support/wire.h"

#include <string.h>

#include "support/cmocka_all.h"

#define SCHEME "AWS4-HMAC-SHA256 "
#define REST ", SignedHeaders=host;x-amz-date, Signature=0123456789abcdef"

/* Creates a channel with these headers and query. Returns its account and region. */
static const char *owner(struct wire *wire, const char *headers, const char *query)
{
    struct http_client *client = wire_connect(wire);
    struct http_answer answer = http_call(
        client, "POST", wire_printf(wire, "/CreateChannel%s", query), headers, "{}");

    assert_success(answer.reply, 200);
    const char *arn = reply_string(answer.reply, "channel.arn");
    assert_int_equal(strncmp(arn, "arn:aws:ivs:", 12), 0);
    return wire_printf(wire, "%.*s", (int)(strstr(arn, ":channel/") - arn - 12),
                       arn + 12);
}

static const char *signed_by(struct wire *wire, const char *credential)
{
    return owner(wire,
                 wire_printf(wire, "Authorization: " SCHEME "Credential=%s" REST "\r\n",
                             credential),
                 "");
}

static void an_unsigned_call_has_the_defaults(void **state)
{
    assert_string_equal(owner(*state, "", ""), "us-east-1:000000000000");
}

static void the_defaults_are_options(void **state)
{
    assert_string_equal(owner(*state, "", ""), "eu-west-1:111122223333");
}

static void the_region_is_the_one_of_the_signature(void **state)
{
    assert_string_equal(
        signed_by(*state, "AKIDEXAMPLE/20210407/ap-south-1/ivs/aws4_request"),
        "ap-south-1:000000000000");
}

static void a_key_of_twelve_digits_is_an_account(void **state)
{
    assert_string_equal(
        signed_by(*state, "123456789012/20210407/us-west-2/ivs/aws4_request"),
        "us-west-2:123456789012");
}

static void any_other_key_is_the_default_account(void **state)
{
    static const char *const keys[] = {"test", "12345678901", "1234567890123",
                                       "12345678901a", "AKIAIOSFODNN7EXAMPLE"};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        assert_string_equal(
            signed_by(wire, wire_printf(wire, "%s/20210407/us-east-1/ivs/aws4_request",
                                        keys[i])),
            "us-east-1:000000000000");
}

static void the_parameters_of_a_signature_may_stand_in_any_order(void **state)
{
    struct wire *wire = *state;

    assert_string_equal(
        owner(wire,
              "Authorization: " SCHEME "SignedHeaders=host,Signature=00,"
              "Credential=123456789012/20210407/us-west-2/ivs/aws4_request\r\n",
              ""),
        "us-west-2:123456789012");
}

static void a_presigned_call_has_its_credential_in_the_query(void **state)
{
    assert_string_equal(
        owner(*state, "",
              "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=123456789012%2F20210407"
              "%2Fus-west-2%2Fivs%2Faws4_request&X-Amz-Signature=00"),
        "us-west-2:123456789012");
}

static void other_schemes_are_ignored(void **state)
{
    static const char *const schemes[] = {"Bearer abc", "Basic dXNlcjpwYXNz",
                                          "Bearer Credential=1/2/3/4/aws4_request",
                                          "AWS AKIDEXAMPLE:signature", ""};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        assert_string_equal(
            owner(wire, wire_printf(wire, "Authorization: %s\r\n", schemes[i]), ""),
            "us-east-1:000000000000");
}

static void a_channel_is_invisible_to_every_other_account_and_region(void **state)
{
    static const char *const others[] = {"", "123456789012/20210407/us-east-1",
                                         "210987654321/20210407/us-west-2"};
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    struct http_answer created = http_call(
        client, "POST", "/CreateChannel",
        "Authorization: " SCHEME
        "Credential=123456789012/20210407/us-west-2/ivs/aws4_request" REST "\r\n",
        "{}");
    const char *body =
        wire_printf(wire, "{\"arn\":\"%s\"}", reply_string(created.reply, "channel.arn"));

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        const char *headers =
            others[i][0] == '\0'
                ? ""
                : wire_printf(wire,
                              "Authorization: " SCHEME
                              "Credential=%s/ivs/aws4_request" REST "\r\n",
                              others[i]);
        struct http_answer got = http_call(client, "POST", "/GetChannel", headers, body);
        struct http_answer list = http_call(client, "POST", "/ListChannels", headers, "");
        assert_error_answer(&got, 404, "ResourceNotFoundException");
        assert_int_equal(reply_count(list.reply, "channels"), 0);
    }
}

static const char *const malformed[] = {
    "",
    "/",
    "////",
    "test",
    "test/20210407/us-east-1/ivs",
    "test/20210407/us-east-1/ivs/aws4_request/more",
    "/20210407/us-east-1/ivs/aws4_request",
    "test/20210407//ivs/aws4_request",
    "test/20210407/US-EAST-1/ivs/aws4_request",
    "test/20210407/us_east_1/ivs/aws4_request",
    "test/20210407/us-east-1'--/ivs/aws4_request",
    "test/20210407/region-of-very-many-characters-that-is-none/ivs/aws4_request",
    "test/20210407/us-east-1/ivs/aws4",
    "test/20210407/us-east-1/ivs/",
    "test/20210407/us-east-1/ivs/AWS4_REQUEST",
};

static void a_malformed_credential_is_refused(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        const char *headers = wire_printf(
            wire, "Authorization: " SCHEME "Credential=%s" REST "\r\n", malformed[i]);
        struct http_answer answer =
            http_call(client, "POST", "/CreateChannel", headers, "{}");
        assert_error_answer(&answer, 403, "IncompleteSignatureException");
    }

    assert_int_equal(wire_count_channels(client), 0);
}

static void a_malformed_presigned_credential_is_refused(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        struct http_answer answer = http_post(
            client, wire_printf(wire, "/CreateChannel?X-Amz-Credential=%s", malformed[i]),
            "{}");
        assert_error_answer(&answer, 403, "IncompleteSignatureException");
    }

    assert_int_equal(wire_count_channels(client), 0);
}

static void a_signature_without_a_credential_is_refused(void **state)
{
    static const char *const headers[] = {
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 ,,,",
        "AWS4-HMAC-SHA256 Signature=00",
        "AWS4-HMAC-SHA256 credential=a/b/c/d/e",
        "AWS4-HMAC-SHA256 XCredential=test/20210407/us-east-1/ivs/aws4_request"};
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        struct http_answer answer =
            http_call(client, "POST", "/CreateChannel",
                      wire_printf(wire, "Authorization: %s\r\n", headers[i]), "{}");
        assert_error_answer(&answer, 403, "IncompleteSignatureException");
    }

    assert_int_equal(wire_count_channels(client), 0);
}

static void a_very_long_credential_is_refused(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    char region[4001];

    memset(region, 'a', sizeof(region) - 1);
    region[sizeof(region) - 1] = '\0';
    struct http_answer answer =
        http_call(client, "POST", "/CreateChannel",
                  wire_printf(wire,
                              "Authorization: " SCHEME
                              "Credential=test/20210407/%s/ivs/aws4_request" REST "\r\n",
                              region),
                  "{}");

    assert_error_answer(&answer, 403, "IncompleteSignatureException");
    assert_int_equal(wire_count_channels(client), 0);
}

int main(void)
{
    static const char *const defaults[] = {"--region", "eu-west-1", "--account",
                                           "111122223333", NULL};
    const struct CMUnitTest tests[] = {
        wire_test(an_unsigned_call_has_the_defaults),
        wire_test_with(the_defaults_are_options, defaults),
        wire_test(the_region_is_the_one_of_the_signature),
        wire_test(a_key_of_twelve_digits_is_an_account),
        wire_test(any_other_key_is_the_default_account),
        wire_test(the_parameters_of_a_signature_may_stand_in_any_order),
        wire_test(a_presigned_call_has_its_credential_in_the_query),
        wire_test(other_schemes_are_ignored),
        wire_test(a_channel_is_invisible_to_every_other_account_and_region),
        wire_test(a_malformed_credential_is_refused),
        wire_test(a_malformed_presigned_credential_is_refused),
        wire_test(a_signature_without_a_credential_is_refused),
        wire_test(a_very_long_credential_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
