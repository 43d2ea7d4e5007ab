/*
 * The caller, according to the credential scope of a signature.
 */
#include "api/credential.h"

#include "support/cmocka_all.h"

#define HEADER(credential)                                                               \
    "AWS4-HMAC-SHA256 Credential=" credential ", SignedHeaders=host, Signature=00"

static const struct scope absent = {.account = "000000000000", .region = "us-east-1"};

/* The request is of this caller. */
static void assert_scope(const char *authorization, const char *presigned,
                         const char *account, const char *region)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct signature_source source = {authorization, presigned};
    struct caller caller = {
        .scope = {.account = "?", .region = "?"}
    };

    const char *why = credential_caller(arena, &source, absent, &caller);

    if (why != NULL)
        fail_msg("%s", why);
    assert_string_equal(caller.scope.account, account);
    assert_string_equal(caller.scope.region, region);
}

static void assert_wrong(const char *authorization, const char *presigned,
                         const char *expected)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct signature_source source = {authorization, presigned};
    struct caller caller = {
        .scope = {.account = "?", .region = "?"}
    };

    const char *why = credential_caller(arena, &source, absent, &caller);

    assert_non_null(why);
    assert_string_equal(why, expected);
}

static void the_access_key_id_and_the_service_are_read(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct signature_source signed_by = {
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/ivs/aws4_request",
        NULL};
    const struct signature_source unsigned_call = {NULL, NULL};
    struct caller caller;

    (void)state;
    assert_null(credential_caller(arena, &signed_by, absent, &caller));
    assert_string_equal(caller.key_id, "AKIDEXAMPLE");
    assert_string_equal(caller.signed_for, "ivs");
    assert_null(credential_caller(arena, &unsigned_call, absent, &caller));
    assert_string_equal(caller.key_id, "");
    assert_string_equal(caller.signed_for, "");
}

static void an_unsigned_call_has_the_defaults(void **state)
{
    (void)state;
    assert_scope(NULL, NULL, "000000000000", "us-east-1");
}

static void another_scheme_counts_as_unsigned(void **state)
{
    (void)state;
    assert_scope("Basic dGVzdDp0ZXN0", NULL, "000000000000", "us-east-1");
    assert_scope("Bearer Credential=a/b/eu-west-1/ivs/aws4_request", NULL, "000000000000",
                 "us-east-1");
    assert_scope("", NULL, "000000000000", "us-east-1");
}

static void the_region_is_that_of_the_signature(void **state)
{
    (void)state;
    assert_scope(HEADER("AKIDEXAMPLE/20210407/eu-west-1/ivs/aws4_request"), NULL,
                 "000000000000", "eu-west-1");
    assert_scope(HEADER("AKIDEXAMPLE/20210407/nowhere-9/ivs/aws4_request"), NULL,
                 "000000000000", "nowhere-9");
}

static void an_access_key_of_twelve_digits_is_the_account(void **state)
{
    (void)state;
    assert_scope(HEADER("123456789012/20210407/eu-west-1/ivs/aws4_request"), NULL,
                 "123456789012", "eu-west-1");
    assert_scope(HEADER("12345678901/20210407/eu-west-1/ivs/aws4_request"), NULL,
                 "000000000000", "eu-west-1");
    assert_scope(HEADER("1234567890123/20210407/eu-west-1/ivs/aws4_request"), NULL,
                 "000000000000", "eu-west-1");
}

static void the_header_accepts_any_spacing_and_order(void **state)
{
    static const char *const headers[] = {
        "AWS4-HMAC-SHA256 Signature=00,Credential=k/20210407/eu-west-1/ivs/aws4_request",
        "AWS4-HMAC-SHA256   Credential=k/20210407/eu-west-1/ivs/aws4_request",
        "AWS4-HMAC-SHA256 Credential=k/20210407/eu-west-1/ivs/aws4_request,Signature=00",
        "AWS4-HMAC-SHA256\tCredential=k/20210407/eu-west-1/ivs/aws4_request ",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        assert_scope(headers[i], NULL, "000000000000", "eu-west-1");
}

static void a_presigned_query_names_the_caller_too(void **state)
{
    (void)state;
    assert_scope(NULL, "123456789012/20210407/eu-west-1/ivs/aws4_request", "123456789012",
                 "eu-west-1");
}

static void the_header_has_priority_over_the_query(void **state)
{
    (void)state;
    assert_scope(HEADER("k/20210407/eu-west-1/ivs/aws4_request"),
                 "k/20210407/us-west-2/ivs/aws4_request", "000000000000", "eu-west-1");
    assert_scope("Basic x", "k/20210407/us-west-2/ivs/aws4_request", "000000000000",
                 "us-west-2");
}

static void a_header_without_a_credential_is_refused(void **state)
{
    static const char says[] = "Authorization header requires 'Credential' parameter.";

    (void)state;
    assert_wrong("AWS4-HMAC-SHA256", NULL, says);
    assert_wrong("AWS4-HMAC-SHA256 ", NULL, says);
    assert_wrong("AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00", NULL, says);
    assert_wrong("AWS4-HMAC-SHA256 credential=k/d/r/s/aws4_request", NULL, says);
}

static void a_credential_has_five_parts(void **state)
{
    static const char says[] = "Credential must have 5 parts: "
                               "<access key id>/<date>/<region>/<service>/aws4_request";

    (void)state;
    assert_wrong(HEADER(""), NULL, says);
    assert_wrong(HEADER("k"), NULL, says);
    assert_wrong(HEADER("k/20210407/eu-west-1/ivs"), NULL, says);
    assert_wrong(HEADER("k/20210407/eu-west-1/ivs/aws4_request/x"), NULL, says);
    assert_wrong(HEADER("k/20210407/eu-west-1/ivs/aws4_request/"), NULL, says);
    assert_wrong(NULL, "", says);
}

static void each_part_of_a_credential_is_checked(void **state)
{
    (void)state;
    assert_wrong(HEADER("/20210407/eu-west-1/ivs/aws4_request"), NULL,
                 "Credential must begin with an access key id");
    assert_wrong(HEADER("k/20210407//ivs/aws4_request"), NULL,
                 "Credential must name a region");
    assert_wrong(HEADER("k/20210407/EU/ivs/aws4_request"), NULL,
                 "Credential must name a region");
    assert_wrong(HEADER("k/20210407/abcdefghijklmnopqrstuvwxyz-123456/ivs/aws4_request"),
                 NULL, "Credential must name a region");
    assert_wrong(HEADER("k/20210407/eu-west-1/ivs/aws4"), NULL,
                 "Credential must end with aws4_request");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_access_key_id_and_the_service_are_read),
        cmocka_unit_test(an_unsigned_call_has_the_defaults),
        cmocka_unit_test(another_scheme_counts_as_unsigned),
        cmocka_unit_test(the_region_is_that_of_the_signature),
        cmocka_unit_test(an_access_key_of_twelve_digits_is_the_account),
        cmocka_unit_test(the_header_accepts_any_spacing_and_order),
        cmocka_unit_test(a_presigned_query_names_the_caller_too),
        cmocka_unit_test(the_header_has_priority_over_the_query),
        cmocka_unit_test(a_header_without_a_credential_is_refused),
        cmocka_unit_test(a_credential_has_five_parts),
        cmocka_unit_test(each_part_of_a_credential_is_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
