/*
 * Signed requests to AWS services: compared with the examples that AWS publishes for S3,
 * and with the signatures of botocore.
 */
#include "http/signed_request.h"

#include "base/sigv4.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { OWN_HEADERS_MAX = 3 };

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

/* NULL: it is absent. The test fails if it occurs twice. */
static const char *find(const struct http_header *headers, const char *name)
{
    const char *value = NULL;

    for (; headers->name != NULL; headers++) {
        if (strcmp(headers->name, name) != 0)
            continue;
        assert_null(value);
        value = headers->value;
    }
    return value;
}

/* The Amazon S3 API Reference, "Signature Calculations for the Authorization Header:
 * Transferring Payload in a Single Chunk". */
static void the_published_examples_of_s3_are_signed_as_published(void **state)
{
    /* clang-format off */
    static const struct {
        const char *method, *target;
        struct http_header headers[OWN_HEADERS_MAX];
        const char *body, *signature;
    } examples[] = {
        {.method = "GET",
         .target = "/test.txt",
         .headers = {{"Range", "bytes=0-9"}},
         .body = "",
         .signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
        {.method = "PUT",
         .target = "/test$file.text",
         .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
         .body = "Welcome to Amazon S3.",
         .signature = "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
        {.method = "GET",
         .target = "/?lifecycle",
         .body = "",
         .signature = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
        {.method = "GET",
         .target = "/?max-keys=2&prefix=J",
         .body = "",
         .signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
    };
    /* clang-format on */
    static const struct request_signer signer = {
        .key_id = "AKIAIOSFODNN7EXAMPLE",
        .secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        .region = "us-east-1",
        .service = "s3",
        .time_ms = INT64_C(1369353600000),
    };

    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        const struct http_client_request request = {
            .method = examples[i].method,
            .url = arena_printf(*state, "https://examplebucket.s3.amazonaws.com%s",
                                examples[i].target),
            .headers = examples[i].headers,
        };
        const char *hash =
            sigv4_payload_hash(*state, examples[i].body, strlen(examples[i].body));
        const struct http_header *headers =
            signed_request_headers(*state, &request, hash, &signer);

        const char *authorization = find(headers, "authorization");
        if (!text_ends_with(authorization, examples[i].signature))
            fail_msg("%s %s: %s", examples[i].method, examples[i].target, authorization);
    }
}

static const struct vector {
    const char *name, *service, *region, *method, *url;
    struct http_header headers[OWN_HEADERS_MAX + 1];
    const char *body;  /* NULL: not signed */
    const char *token; /* NULL: none */
    const char *content_sha256;
    const char *authorization;
} vectors[] = {
#include "signed_request_vectors.def"
};

static const struct http_header *sign(struct arena *arena, const struct vector *vector)
{
    const struct http_client_request request = {
        .method = vector->method, .url = vector->url, .headers = vector->headers};
    const struct request_signer signer = {
        .key_id = "AKIDEXAMPLE",
        .secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        .session_token = vector->token,
        .region = vector->region,
        .service = vector->service,
        .time_ms = INT64_C(1709209296999),
    };
    const char *hash = vector->body != NULL
                           ? sigv4_payload_hash(arena, vector->body, strlen(vector->body))
                           : SIGV4_UNSIGNED_PAYLOAD;

    return signed_request_headers(arena, &request, hash, &signer);
}

static void requests_are_signed_as_botocore_signs_them(void **state)
{
    for (const struct vector *v = vectors; v < vectors + COUNT_OF(vectors); v++) {
        const char *authorization = find(sign(*state, v), "authorization");

        if (strcmp(authorization, v->authorization) != 0)
            fail_msg("%s: %s", v->name, authorization);
    }
}

static void assert_same(const struct vector *vector, const char *value,
                        const char *expected)
{
    if (value == NULL || expected == NULL ? value != expected
                                          : strcmp(value, expected) != 0)
        fail_msg("%s: %s", vector->name, value != NULL ? value : "(absent)");
}

static void the_headers_that_signing_adds_are_sent(void **state)
{
    for (const struct vector *v = vectors; v < vectors + COUNT_OF(vectors); v++) {
        const struct http_header *headers = sign(*state, v);
        const char *host = strstr(v->url, "://") + 3;

        assert_same(v, find(headers, "x-amz-date"), "20240229T122136Z");
        assert_same(v, find(headers, "x-amz-security-token"), v->token);
        assert_same(v, find(headers, "x-amz-content-sha256"), v->content_sha256);
        assert_same(v, find(headers, "host"),
                    arena_strndup(*state, host, strcspn(host, "/?")));
    }
}

static void headers_are_sent_with_the_values_given(void **state)
{
    static const struct vector vector = {
        .service = "s3",
        .region = "us-east-1",
        .method = "PUT",
        .url = "http://localhost/a",
        .headers = {{"X-Amz-Meta-Note", "  two   words "}, {"Content-Type", "a/b"}},
        .body = "",
    };

    const struct http_header *headers = sign(*state, &vector);

    assert_string_equal(find(headers, "x-amz-meta-note"), "  two   words ");
    assert_string_equal(find(headers, "content-type"), "a/b");
}

static void a_part_of_a_file_is_signed_like_the_same_bytes(void **state)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(fputs("before#EXTM3U\nafter", file) >= 0);
    assert_int_equal(fflush(file), 0);
    const struct http_file part = {.fd = fileno(file), .offset = 6, .length = 8};
    const char *why = NULL;

    assert_string_equal(vectors[0].body, "#EXTM3U\n");
    assert_string_equal(http_file_payload_hash(&part, *state, &why),
                        vectors[0].content_sha256);
    (void)fclose(file);
}

#define SIGNED_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGNED_TEST(the_published_examples_of_s3_are_signed_as_published),
        SIGNED_TEST(requests_are_signed_as_botocore_signs_them),
        SIGNED_TEST(the_headers_that_signing_adds_are_sent),
        SIGNED_TEST(headers_are_sent_with_the_values_given),
        SIGNED_TEST(a_part_of_a_file_is_signed_like_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
