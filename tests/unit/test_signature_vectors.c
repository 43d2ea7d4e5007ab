/*
 * Requests with signatures that are known to be correct: the cases of the published test
 * suite for Signature Version 4, as a table, with the signatures that botocore computes.
 * Where the signatures of the suite are known, they are the same.
 */
#include "api/signature.h"
#include "base/sigv4.h"
#include "base/text.h"
#include "base/uri.h"
#include "http/signed_request.h"

#include <string.h>

#include "support/cmocka_all.h"

#define KEY_ID "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define DATE "20150830T123600Z"
#define NOW_MS INT64_C(1440938160000)
#define CREDENTIAL KEY_ID "/20150830/us-east-1/service/aws4_request"

enum { OWN_HEADERS_MAX = 4, HEADERS_MAX = OWN_HEADERS_MAX + 4 };

/* The host and the date are headers of every case. */
struct vector {
    const char *name;
    const char *method;
    const char *target;
    struct http_header headers[OWN_HEADERS_MAX + 1];
    const char *body;           /* NULL: none */
    const char *signed_headers; /* NULL: host;x-amz-date */
    const char *signature;
};

/* clang-format off */
static const struct vector vectors[] = {
    {.name = "get-vanilla",
     .method = "GET",
     .target = "/",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-vanilla-empty-query-key",
     .method = "GET",
     .target = "/?Param1=value1",
     .signature = "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {.name = "get-vanilla-query-order-key",
     .method = "GET",
     .target = "/?Param1=value2&Param1=Value1",
     .signature = "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"},
    {.name = "get-vanilla-query-order-key-case",
     .method = "GET",
     .target = "/?Param2=value2&Param1=value1",
     .signature = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {.name = "get-vanilla-query-order-value",
     .method = "GET",
     .target = "/?Param1=value2&Param1=value1",
     .signature = "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
    {.name = "get-vanilla-query-unreserved",
     .method = "GET",
     .target = "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz="
               "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     .signature = "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {.name = "get-vanilla-utf8-query",
     .method = "GET",
     .target = "/?%E1%88%B4=bar",
     .signature = "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {.name = "get-utf8",
     .method = "GET",
     .target = "/\xE1\x88\xB4",
     .signature = "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {.name = "get-unreserved",
     .method = "GET",
     .target = "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     .signature = "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {.name = "get-relative",
     .method = "GET",
     .target = "/example/..",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-relative-relative",
     .method = "GET",
     .target = "/example1/example2/../..",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-slash",
     .method = "GET",
     .target = "//",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-slash-dot-slash",
     .method = "GET",
     .target = "/./",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-slash-pointless-dot",
     .method = "GET",
     .target = "/./example",
     .signature = "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {.name = "get-slashes",
     .method = "GET",
     .target = "//example//",
     .signature = "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {.name = "get-space",
     .method = "GET",
     .target = "/example space/",
     .signature = "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {.name = "get-header-key-duplicate",
     .method = "GET",
     .target = "/",
     .headers = {{"My-Header1", "value2"}, {"My-Header1", "value2"},
                 {"My-Header1", "value1"}},
     .signed_headers = "host;my-header1;x-amz-date",
     .signature = "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {.name = "get-header-value-multiline",
     .method = "GET",
     .target = "/",
     .headers = {{"My-Header1", "value1\n  value2\n     value3"}},
     .signed_headers = "host;my-header1;x-amz-date",
     .signature = "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"},
    {.name = "get-header-value-order",
     .method = "GET",
     .target = "/",
     .headers = {{"My-Header1", "value4"}, {"My-Header1", "value1"},
                 {"My-Header1", "value3"}, {"My-Header1", "value2"}},
     .signed_headers = "host;my-header1;x-amz-date",
     .signature = "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {.name = "get-header-value-trim",
     .method = "GET",
     .target = "/",
     .headers = {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     .signed_headers = "host;my-header1;my-header2;x-amz-date",
     .signature = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {.name = "post-vanilla",
     .method = "POST",
     .target = "/",
     .signature = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {.name = "post-vanilla-query",
     .method = "POST",
     .target = "/?Param1=value1",
     .signature = "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {.name = "post-vanilla-query-nonunreserved",
     .method = "POST",
     .target = "/?%40%23%24%25%5E=&%2B=%2F%2C%3F%3E%3C%60%22%3B%3A%5C%7C%5D%5B%7B%7D",
     .signature = "66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e"},
    {.name = "post-vanilla-query-space",
     .method = "POST",
     .target = "/?p=",
     .signature = "e71688addb58a26418614085fb730ba3faa623b461c17f48f2fbdb9361b94a9b"},
    {.name = "post-header-key-sort",
     .method = "POST",
     .target = "/",
     .headers = {{"My-Header1", "value1"}},
     .signed_headers = "host;my-header1;x-amz-date",
     .signature = "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {.name = "post-header-value-case",
     .method = "POST",
     .target = "/",
     .headers = {{"My-Header1", "VALUE1"}},
     .signed_headers = "host;my-header1;x-amz-date",
     .signature = "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {.name = "post-sts-header (with a token of our own)",
     .method = "POST",
     .target = "/",
     .headers = {{"X-Amz-Security-Token", "AQoEXAMPLE/token+=="}},
     .signed_headers = "host;x-amz-date;x-amz-security-token",
     .signature = "c2ace5d007099fa4dfdbea23eddd1c2aa7ac5f53cde813c01674a23684d659eb"},
    {.name = "post-x-www-form-urlencoded",
     .method = "POST",
     .target = "/",
     .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
     .body = "Param1=value1",
     .signed_headers = "content-type;host;x-amz-date",
     .signature = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {.name = "post-x-www-form-urlencoded-parameters",
     .method = "POST",
     .target = "/",
     .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf8"}},
     .body = "Param1=value1",
     .signed_headers = "content-type;host;x-amz-date",
     .signature = "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
    {.name = "a path that is encoded as it is sent (not published)",
     .method = "GET",
     .target = "/tags/arn%3Aaws%3Aivs%3Aus-west-2%3A123456789012%3Achannel%2F"
               "abcdABCDefgh?tagKeys=a%20b&tagKeys=%C3%A4",
     .signature = "f9f4cbf28831f4dafebc7b812ec8162367aede4ad82e0bf9fbd0db950cb38463"},
};
/* clang-format on */

/* clang-format off */
static const struct {
    const char *name;
    const char *path; /* and the query before what the signer added */
    const char *expires;
    const char *token;
    const char *signature;
} presigned[] = {
    {"a plain one",                  "/?",                       "3600",   "",
     "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
    {"one with a query and a token", "/?b=2&a=1&",               "60",
     "&X-Amz-Security-Token=AQoEXAMPLE%2Ftoken%2B%3D%3D",
     "a6941015f687c24e6fa831b86d3961d93d95ae6c335b220270de5ce47d982fc3"},
    {"one of a path",                "/tags/arn%3Aaws%3Aivs?",   "604800", "",
     "8689c709cd596264e3375638153a3d61cec1cb948e989ba18edc5547b94be21f"},
};
/* clang-format on */

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

static int verify(struct arena *arena, const char *method, const char *target,
                  const struct http_header *headers, const char *body)
{
    static const struct access_key key = {KEY_ID, SECRET};
    static const struct access_keys keys = {&key, 1};
    const struct signature_rules rules = {
        .keys = &keys, .service = "service", .now_ms = NOW_MS};
    struct signature_refusal refusal = {NULL, NULL};
    struct uri uri;

    assert_int_equal(uri_parse(arena, target, &uri), 0);
    const struct signed_request request = {
        .method = method,
        .target = target,
        .uri = &uri,
        .headers = headers,
        .body = body,
        .body_length = strlen(body),
    };
    int verdict = signature_verify(arena, &request, &rules, &refusal);
    if (verdict != 0) {
        assert_string_equal(refusal.kind->name, "InvalidSignatureException");
        assert_non_null(strstr(refusal.message, "does not match the signature you"));
    }
    return verdict;
}

/* Verifies a case with that signature and body. */
static int verify_vector(struct arena *arena, const struct vector *vector,
                         const char *signature, const char *body)
{
    struct http_header headers[HEADERS_MAX] = {
        {"Host",       "example.amazonaws.com"},
        {"X-Amz-Date", DATE                   }
    };
    size_t count = 2;

    for (size_t i = 0; i < OWN_HEADERS_MAX && vector->headers[i].name != NULL; i++)
        headers[count++] = vector->headers[i];
    headers[count].name = "Authorization";
    headers[count].value = arena_printf(
        arena,
        "AWS4-HMAC-SHA256 Credential=" CREDENTIAL ", SignedHeaders=%s, Signature=%s",
        vector->signed_headers != NULL ? vector->signed_headers : "host;x-amz-date",
        signature);
    return verify(arena, vector->method, vector->target, headers, body);
}

static const char *body_of(const struct vector *vector)
{
    return vector->body != NULL ? vector->body : "";
}

static void every_signature_of_the_table_is_taken(void **state)
{
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        if (verify_vector(*state, &vectors[i], vectors[i].signature,
                          body_of(&vectors[i])) != 0)
            fail_msg("%s is refused", vectors[i].name);
    }
}

static void a_changed_digit_of_a_signature_is_refused(void **state)
{
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        char *signature = arena_strdup(*state, vectors[i].signature);
        size_t at = i * 2 % strlen(signature);
        signature[at] = signature[at] == '0' ? '1' : '0';
        if (verify_vector(*state, &vectors[i], signature, body_of(&vectors[i])) == 0)
            fail_msg("%s is accepted with another digit", vectors[i].name);
    }
}

static void a_changed_body_is_refused(void **state)
{
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        const char *body = arena_printf(*state, "%s ", body_of(&vectors[i]));
        if (verify_vector(*state, &vectors[i], vectors[i].signature, body) == 0)
            fail_msg("%s is accepted with another body", vectors[i].name);
    }
}

/* The suite also repeats headers, which is not done here. */
static bool repeats_a_header(const struct vector *vector)
{
    return vector->headers[1].name != NULL &&
           strcmp(vector->headers[0].name, vector->headers[1].name) == 0;
}

static void our_signer_makes_the_same_signatures(void **state)
{
    static const struct request_signer signer = {.key_id = KEY_ID,
                                                 .secret = SECRET,
                                                 .region = "us-east-1",
                                                 .service = "service",
                                                 .time_ms = NOW_MS};
    size_t count = 0;

    for (const struct vector *v = vectors; v < vectors + COUNT_OF(vectors); v++) {
        const struct http_client_request request = {
            .method = v->method,
            .url = arena_printf(*state, "http://example.amazonaws.com%s", v->target),
            .headers = v->headers,
        };
        const char *body = body_of(v);
        if (repeats_a_header(v))
            continue;
        const struct http_header *headers = signed_request_headers(
            *state, &request, sigv4_payload_hash(*state, body, strlen(body)), &signer);
        while (strcmp(headers->name, "authorization") != 0)
            headers++;
        if (!text_ends_with(headers->value, v->signature))
            fail_msg("%s: %s", v->name, headers->value);
        count++;
    }
    assert_int_equal(count, COUNT_OF(vectors) - 2);
}

static int verify_presigned(struct arena *arena, size_t i, const char *more)
{
    static const struct http_header headers[] = {
        {"Host", "example.amazonaws.com"},
        {NULL,   NULL                   }
    };
    const char *target = arena_printf(
        arena,
        "%sX-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" KEY_ID
        "%%2F20150830%%2Fus-east-1%%2Fservice%%2Faws4_request&X-Amz-Date=" DATE
        "&X-Amz-Expires=%s&X-Amz-SignedHeaders=host%s&X-Amz-Signature=%s%s",
        presigned[i].path, presigned[i].expires, presigned[i].token,
        presigned[i].signature, more);

    return verify(arena, "GET", target, headers, "");
}

static void every_presigned_request_is_taken(void **state)
{
    for (size_t i = 0; i < COUNT_OF(presigned); i++) {
        if (verify_presigned(*state, i, "") != 0)
            fail_msg("%s is refused", presigned[i].name);
    }
}

static void a_presigned_request_with_more_in_its_query_is_refused(void **state)
{
    for (size_t i = 0; i < COUNT_OF(presigned); i++) {
        if (verify_presigned(*state, i, "&c=") == 0)
            fail_msg("%s is accepted with more in its query", presigned[i].name);
    }
}

#define VECTOR_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VECTOR_TEST(every_signature_of_the_table_is_taken),
        VECTOR_TEST(a_changed_digit_of_a_signature_is_refused),
        VECTOR_TEST(a_changed_body_is_refused),
        VECTOR_TEST(our_signer_makes_the_same_signatures),
        VECTOR_TEST(every_presigned_request_is_taken),
        VECTOR_TEST(a_presigned_request_with_more_in_its_query_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
