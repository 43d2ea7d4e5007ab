/*
 * Requests that are signed, correctly or not, and then verified.
 */
#ifndef TESTS_UNIT_ATTEMPT_H
#define TESTS_UNIT_ATTEMPT_H

#include "api/signature.h"
#include "base/sigv4.h"

#include <stdbool.h>
#include <stdint.h>

#define KEY_ID "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define DATE "20150830T123600Z"
#define NOW_MS INT64_C(1440938160000)
#define SCHEME "AWS4-HMAC-SHA256 "
#define CREDENTIAL KEY_ID "/20150830/us-east-1/ivs/aws4_request"
#define ZEROES "0000000000000000000000000000000000000000000000000000000000000000"
#define WRONG_SIGNATURE                                                                  \
    "The request signature we calculated does not match the signature you provided. "    \
    "Check your AWS Secret Access Key and signing method. Consult the service "          \
    "documentation for details."

enum { HEADERS_MAX = 8 };

/* Setup and teardown of a cmocka test: *state is a struct arena *. */
int attempt_setup(void **state);
int attempt_teardown(void **state);

#define SIGNATURE_TEST(test)                                                             \
    cmocka_unit_test_setup_teardown(test, attempt_setup, attempt_teardown)

/* A request as it is signed and sent. A member that is NULL or 0 has the value of a valid
 * request. */
struct attempt {
    const char *target;
    struct http_header more[HEADERS_MAX - 3]; /* headers, signed if they are in `names` */
    const char *names;                        /* SignedHeaders; `signs` includes host */
    struct http_header signs[HEADERS_MAX];    /* what the signature is computed from */
    const char *body;
    const char *sent_body;
    const char *date;
    const char *credential;
    const char *secret;
    const char *service;
    const char *region;
    const char *service_wanted;
    int64_t now_ms;
    bool any_service;
};

/* The text, or the default that NULL means. */
const char *attempt_or(const char *text, const char *absent);

/* The attempt's signature of this target and these headers. */
const char *attempt_signature(struct arena *arena, const struct attempt *attempt,
                              const char *target, const struct http_header *headers);

/* Verifies the request as a server that knows KEY_ID. Returns 0, or -1 and the
 * refusal. */
int attempt_verify(struct arena *arena, const struct attempt *attempt, const char *target,
                   const struct http_header *headers,
                   struct signature_refusal *refusal) NODISCARD;

/* The test fails unless the refusal is a 403 of this error and text. */
void assert_says(const struct signature_refusal *refusal, const char *error,
                 const char *message);

#endif
