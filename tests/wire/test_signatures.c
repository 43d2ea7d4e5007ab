/*
 * --auth sigv4 over TCP: correctly signed calls are served, all others are refused with
 * the messages of AWS. The signer is our own, which the unit tests compare with published
 * signatures.
 */
#include "api/request_log.h"
#include "base/sigv4.h"
#include "support/wire.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "support/cmocka_all.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define WRONG_SIGNATURE                                                                  \
    "The request signature we calculated does not match the signature you provided. "    \
    "Check your AWS Secret Access Key and signing method. Consult the service "          \
    "documentation for details."

static const char *const options[] = {"--auth",
                                      "sigv4",
                                      "--access-key",
                                      "AKIDEXAMPLE:" SECRET,
                                      "--access-key",
                                      "123456789012:" SECRET,
                                      NULL};

#define auth_test(test) wire_test_with(test, options)

/* How a request is signed. A member that is NULL has the value of a valid request. */
struct signing {
    const char *key_id;
    const char *secret;
    const char *region;
    const char *service;
    const char *token;
    int64_t late_ms;
};

static const char *or_else(const char *text, const char *absent)
{
    return text != NULL ? text : absent;
}

/* A signature has the machine's time. */
static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000;
}

static struct sigv4_signer signer_of(struct arena *arena, const struct signing *signing)
{
    return (struct sigv4_signer){
        .key_id = or_else(signing->key_id, "AKIDEXAMPLE"),
        .secret = or_else(signing->secret, SECRET),
        .region = or_else(signing->region, "us-east-1"),
        .service = or_else(signing->service, "ivs"),
        .date = sigv4_date(arena, now_ms() - signing->late_ms),
    };
}

/* The lines of a signed request's headers. */
static const char *sign(struct arena *arena, int port, const struct signing *signing,
                        const char *method, const char *target, const char *body)
{
    const struct sigv4_signer signer = signer_of(arena, signing);
    const struct http_header headers[] = {
        {"host",          arena_printf(arena, "localhost:%d", port)},
        {"x-amz-date",          signer.date                           },
        {signing->token != NULL ? "x-amz-security-token" : NULL,signing->token},
        {NULL,       NULL                                       },
    };
    size_t path = strcspn(target, "?");
    const struct sigv4_request request = {
        .method = method,
        .path = sigv4_path(arena, arena_strndup(arena, target, path)),
        .query = sigv4_query(arena, target + path + (target[path] == '?')),
        .headers = headers,
        .payload_hash = sigv4_payload_hash(arena, body, strlen(body)),
    };

    return arena_printf(arena, "X-Amz-Date: %s\r\nAuthorization: %s\r\n%s%s%s",
                        signer.date, sigv4_authorization(arena, &signer, &request),
                        signing->token != NULL ? "X-Amz-Security-Token: " : "",
                        or_else(signing->token, ""),
                        signing->token != NULL ? "\r\n" : "");
}

/* Sends a request as it was signed but for its body, which is `sent`. */
static struct http_answer call_as(struct wire *wire, const struct signing *signing,
                                  const char *method, const char *target,
                                  const char *body, const char *sent)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    return http_call(wire_connect(wire), method, target,
                     sign(arena, wire_port(wire), signing, method, target, body), sent);
}

static struct http_answer post_as(struct wire *wire, const struct signing *signing,
                                  const char *target, const char *body)
{
    return call_as(wire, signing, "POST", target, body, body);
}

static void assert_refused(const struct http_answer *answer, const char *error,
                           const char *message)
{
    assert_error_answer(answer, 403, error);
    assert_string_equal(answer->reply.message, message);
}

static void assert_begins(const struct http_answer *answer, const char *error,
                          const char *beginning, const char *end)
{
    const char *message = answer->reply.message;

    assert_error_answer(answer, 403, error);
    if (strncmp(message, beginning, strlen(beginning)) != 0 ||
        strlen(message) < strlen(end) ||
        strcmp(message + strlen(message) - strlen(end), end) != 0)
        fail_msg("%s", message);
}

static void a_signed_call_is_served(void **state)
{
    struct http_answer answer = post_as(*state, &(struct signing){.key_id = NULL},
                                        "/CreateChannel", "{\"name\":\"lobby\"}");

    assert_success(answer.reply, 200);
    assert_string_equal(reply_string(answer.reply, "channel.name"), "lobby");
}

static void account_and_region_are_those_of_the_signature(void **state)
{
    struct http_answer answer = post_as(
        *state, &(struct signing){.key_id = "123456789012", .region = "eu-central-1"},
        "/CreateChannel", "{}");

    assert_success(answer.reply, 200);
    assert_non_null(strstr(reply_string(answer.reply, "channel.arn"),
                           "arn:aws:ivs:eu-central-1:123456789012:channel/"));
}

/* The verified signature also identifies the caller. */
static void of_two_credentials_the_first_is_used(void **state)
{
    struct wire *wire = *state;
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct signing signing = {.key_id = "123456789012"};
    const char *lines =
        sign(arena, wire_port(wire), &signing, "POST", "/CreateChannel", "{}");
    const char *parameters = strstr(lines, "Credential=");
    int before = (int)(parameters - lines);

    struct http_answer last =
        http_call(wire_connect(wire), "POST", "/CreateChannel",
                  arena_printf(arena, "%.*sCredential=999999999999/a/us-east-1/ivs/b, %s",
                               before, lines, parameters),
                  "{}");
    struct http_answer first =
        http_call(wire_connect(wire), "POST", "/CreateChannel",
                  arena_printf(arena, "%.*s, Credential=999999999999/a/b/c/d\r\n",
                               before + (int)strcspn(parameters, "\r"), lines),
                  "{}");

    assert_error_answer(&last, 403, "InvalidSignatureException");
    assert_success(first.reply, 200);
    assert_non_null(strstr(reply_string(first.reply, "channel.arn"), ":123456789012:"));
}

static void an_arn_in_the_path_is_signed_as_it_is_sent(void **state)
{
    struct wire *wire = *state;
    const struct signing good = {.key_id = NULL};
    struct http_answer created = post_as(wire, &good, "/CreateChannel", "{}");
    const char *id = strchr(reply_string(created.reply, "channel.arn"), '/') + 1;
    const char *encoded = wire_printf(
        wire, "/tags/arn%%3Aaws%%3Aivs%%3Aus-east-1%%3A000000000000%%3Achannel%%2F%s",
        id);
    const char *raw =
        wire_printf(wire, "/tags/arn:aws:ivs:us-east-1:000000000000:channel/%s", id);

    assert_success(post_as(wire, &good, encoded, "{\"tags\":{\"a b\":\"c\"}}").reply,
                   200);
    assert_success(call_as(wire, &good, "GET", encoded, "", NULL).reply, 200);
    assert_success(call_as(wire, &good, "GET", raw, "", NULL).reply, 200);
    struct http_answer untagged =
        call_as(wire, &good, "DELETE",
                wire_printf(wire, "%s?tagKeys=z&tagKeys=a%%20b", encoded), "", NULL);
    assert_success(untagged.reply, 200);
}

static void an_unsigned_call_is_missing_a_token(void **state)
{
    static const char *const targets[] = {"/ListChannels", "/NoSuchOperation", "/",
                                          "/_ivs-local/Reset", "/_ivs-local/nothing"};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_answer answer = http_post(wire_connect(wire), targets[i], "{}");
        assert_refused(&answer, "MissingAuthenticationTokenException",
                       "Missing Authentication Token");
    }
}

static void a_refused_signature_is_an_error_in_the_form_of_the_service(void **state)
{
    struct wire *wire = *state;

    struct http_answer of_ivs = http_post(wire_connect(wire), "/ListChannels", "{}");
    struct http_answer of_control =
        http_post(wire_connect(wire), "/_ivs-local/Reset", "{}");

    assert_string_equal(reply_string(of_ivs.reply, "exceptionMessage"),
                        "Missing Authentication Token");
    assert_false(reply_has(of_control.reply, "exceptionMessage"));
}

static void another_scheme_is_not_understood(void **state)
{
    struct http_answer answer = http_call(wire_connect(*state), "POST", "/ListChannels",
                                          "Authorization: Bearer abc\r\n", "{}");

    assert_refused(&answer, "IncompleteSignatureException",
                   "'abc' not a valid key=value pair (missing equal-sign) in "
                   "Authorization header: 'Bearer abc'.");
}

static void an_unknown_access_key_is_refused(void **state)
{
    struct http_answer answer =
        post_as(*state, &(struct signing){.key_id = "test"}, "/ListChannels", "{}");

    assert_refused(&answer, "UnrecognizedClientException",
                   "The security token included in the request is invalid.");
}

static void a_session_token_is_accepted_unless_it_is_marked_as_expired(void **state)
{
    struct http_answer good = post_as(
        *state, &(struct signing){.token = "AQoEXAMPLE/+=="}, "/ListChannels", "{}");
    struct http_answer expired = post_as(
        *state, &(struct signing){.token = "session-expired"}, "/ListChannels", "{}");

    assert_success(good.reply, 200);
    assert_refused(&expired, "ExpiredTokenException",
                   "The security token included in the request is expired");
}

static void a_wrong_secret_gives_another_signature(void **state)
{
    struct http_answer answer =
        post_as(*state, &(struct signing){.secret = "guess"}, "/ListChannels", "{}");

    assert_refused(&answer, "InvalidSignatureException", WRONG_SIGNATURE);
}

static void a_body_that_was_changed_is_refused_and_does_nothing(void **state)
{
    struct wire *wire = *state;
    const struct signing good = {.key_id = NULL};

    struct http_answer answer = call_as(wire, &good, "POST", "/CreateChannel",
                                        "{\"name\":\"a\"}", "{\"name\":\"b\"}");

    assert_refused(&answer, "InvalidSignatureException", WRONG_SIGNATURE);
    assert_int_equal(
        reply_count(post_as(wire, &good, "/ListChannels", "{}").reply, "channels"), 0);
}

static void clocks_may_not_differ_by_much(void **state)
{
    struct http_answer late =
        post_as(*state, &(struct signing){.late_ms = 400000}, "/ListChannels", "{}");
    struct http_answer early =
        post_as(*state, &(struct signing){.late_ms = -400000}, "/ListChannels", "{}");
    struct http_answer good =
        post_as(*state, &(struct signing){.late_ms = 200000}, "/ListChannels", "{}");

    assert_begins(&late, "InvalidSignatureException",
                  "Signature expired: ", " - 5 min.)");
    assert_begins(&early, "InvalidSignatureException",
                  "Signature not yet current: ", " + 5 min.)");
    assert_success(good.reply, 200);
}

static void the_emulators_clock_does_not_affect_signatures(void **state)
{
    struct wire *wire = *state;
    const struct signing good = {.key_id = NULL};
    struct http_answer advanced =
        post_as(wire, &good, "/_ivs-local/AdvanceClock", "{\"seconds\":86400}");

    assert_success(advanced.reply, 200);
    assert_success(post_as(wire, &good, "/ListChannels", "{}").reply, 200);
}

static void the_service_is_the_one_of_the_operation(void **state)
{
    struct http_answer answer =
        post_as(*state, &(struct signing){.service = "s3"}, "/ListChannels", "{}");

    assert_refused(&answer, "InvalidSignatureException",
                   "Credential should be scoped to correct service: 'ivs'. ");
}

static void a_signed_call_of_an_unknown_path_is_an_unknown_operation(void **state)
{
    struct http_answer answer =
        post_as(*state, &(struct signing){.key_id = NULL}, "/NoSuchOperation", "{}");

    assert_error_answer(&answer, 404, "UnknownOperationException");
}

static void the_control_api_accepts_a_signature_for_any_service(void **state)
{
    struct wire *wire = *state;
    static const char *const services[] = {"ivs", "ivs-local", "execute-api"};

    for (size_t i = 0; i < COUNT_OF(services); i++) {
        const struct signing signing = {.service = services[i]};
        assert_success(post_as(wire, &signing, "/_ivs-local/ListEvents", "{}").reply,
                       200);
    }
    struct http_answer wrong = post_as(wire, &(struct signing){.secret = "guess"},
                                       "/_ivs-local/ListEvents", "{}");
    assert_refused(&wrong, "InvalidSignatureException", WRONG_SIGNATURE);
}

static void health_needs_no_signature(void **state)
{
    struct wire *wire = *state;

    assert_serves(wire, wire_port(wire));
    struct http_answer answer = http_call(wire_connect(wire), "GET", "/_ivs-local/health",
                                          "Authorization: Bearer abc\r\n", NULL);
    assert_success(answer.reply, 200);
}

static void a_foreign_origin_is_refused_before_the_signature(void **state)
{
    struct http_answer answer = http_call(wire_connect(*state), "POST", "/ListChannels",
                                          "Origin: https://evil.example\r\n", "{}");

    assert_error_answer(&answer, 403, "OriginRefusedException");
}

static void the_signature_is_checked_before_a_fault_is_applied(void **state)
{
    struct wire *wire = *state;
    const struct signing good = {.key_id = NULL};

    struct http_answer put =
        post_as(wire, &good, "/_ivs-local/PutFault",
                "{\"operation\":\"ListChannels\",\"error\":\"ConflictException\","
                "\"times\":1}");
    assert_success(put.reply, 200);
    struct http_answer unsigned_one =
        http_post(wire_connect(wire), "/ListChannels", "{}");
    struct http_answer signed_one = post_as(wire, &good, "/ListChannels", "{}");

    assert_error_answer(&unsigned_one, 403, "MissingAuthenticationTokenException");
    assert_error_answer(&signed_one, 409, "ConflictException");
}

static void a_refused_call_is_listed_without_bodies_and_displaces_no_other(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const struct signing good = {.key_id = "123456789012"};

    assert_success(post_as(wire, &good, "/CreateChannel", "{}").reply, 200);
    for (int i = 0; i <= REQUEST_LOG_ENTRIES; i++) {
        struct http_answer refused =
            http_call(client, "POST", "/ListChannels",
                      "Authorization: AWS4-HMAC-SHA256 "
                      "Credential=123456789012/20260101/us-east-1/ivs/aws4_request, "
                      "Signature=0123456789abcdef\r\n",
                      "{\"nextToken\":\"sent-by-a-stranger\"}");
        assert_error_answer(&refused, 403, "IncompleteSignatureException");
    }

    struct http_answer log = post_as(wire, &good, "/_ivs-local/ListRequests", "{}");
    assert_success(log.reply, 200);
    assert_int_equal(reply_count(log.reply, "requests"), 1 + REQUEST_LOG_REFUSED_ENTRIES);
    assert_string_equal(reply_string(log.reply, "requests.0.operation"), "CreateChannel");
    assert_false(reply_has(log.reply, "requests.0.refused"));
    assert_string_equal(reply_string(log.reply, "requests.1.error"),
                        "IncompleteSignatureException");
    assert_true(reply_bool(log.reply, "requests.1.refused"));
    assert_null(strstr(log.body, "0123456789abcdef"));
    assert_null(strstr(log.body, "sent-by-a-stranger"));
}

static void a_body_that_is_too_large_is_refused_for_its_size(void **state)
{
    struct wire *wire = *state;
    enum { TOO_MANY = 1024 * 1024 + 1 };
    char *body = wire_printf(wire, "{\"name\":\"%*s\"}", TOO_MANY, "");

    struct http_answer answer = http_post(wire_connect(wire), "/CreateChannel", body);

    assert_error_answer(&answer, 413, "RequestTooLargeException");
}

/* The target of a request that is signed in its query. */
static const char *presign(struct wire *wire, const struct signing *signing,
                           const char *path, const char *expires, const char *body)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct sigv4_signer signer = signer_of(arena, signing);
    const struct http_header headers[] = {
        {"host",            arena_printf(arena, "localhost:%d", wire_port(wire))},
        {NULL, NULL                  },
    };
    const char *query = arena_printf(
        arena,
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s%%2F%.8s%%2F%s%%2F%s%%2F"
        "aws4_request&X-Amz-Date=%s&X-Amz-Expires=%s&X-Amz-SignedHeaders=host",
        signer.key_id, signer.date, signer.region, signer.service, signer.date, expires);
    const struct sigv4_request request = {
        .method = "POST",
        .path = sigv4_path(arena, path),
        .query = sigv4_query(arena, query),
        .headers = headers,
        .payload_hash = sigv4_payload_hash(arena, body, strlen(body)),
    };

    return wire_printf(wire, "%s?%s&X-Amz-Signature=%s", path, query,
                       sigv4_signature(arena, &signer, &request));
}

static void a_presigned_call_is_served_until_it_expires(void **state)
{
    struct wire *wire = *state;
    const struct signing good = {.key_id = "123456789012"};
    const struct signing old = {.key_id = "123456789012", .late_ms = 3601000};
    struct http_client *client = wire_connect(wire);

    struct http_answer served =
        http_post(client, presign(wire, &good, "/CreateChannel", "3600", "{}"), "{}");
    struct http_answer expired =
        http_post(client, presign(wire, &old, "/CreateChannel", "3600", "{}"), "{}");
    struct http_answer tampered =
        http_post(client, presign(wire, &good, "/CreateChannel", "3600", "{}"), "{} ");

    assert_success(served.reply, 200);
    assert_non_null(strstr(reply_string(served.reply, "channel.arn"), ":123456789012:"));
    assert_begins(&expired, "InvalidSignatureException",
                  "Signature expired: ", " - 60 min.)");
    assert_refused(&tampered, "InvalidSignatureException", WRONG_SIGNATURE);
}

/* Untags with a query that was signed in the form `as_signed`. */
static struct http_answer untag_as(struct wire *wire, const char *path,
                                   const char *as_signed, const char *as_sent)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct signing good = {.key_id = NULL};
    const char *headers = sign(arena, wire_port(wire), &good, "DELETE",
                               arena_printf(arena, "%s?%s", path, as_signed), "");

    return http_call(wire_connect(wire), "DELETE",
                     arena_printf(arena, "%s?%s", path, as_sent), headers, NULL);
}

static void a_plus_is_the_same_in_what_is_signed_and_in_what_arrives(void **state)
{
    struct wire *wire = *state;
    const struct signing good = {.key_id = NULL};
    struct http_answer created = post_as(wire, &good, "/CreateChannel",
                                         "{\"tags\":{\"a b\":\"1\",\"a+b\":\"2\"}}");
    const char *arn = reply_string(created.reply, "channel.arn");
    const char *path = wire_printf(wire, "/tags/%s", arn);
    const char *get = wire_printf(wire, "{\"arn\":\"%s\"}", arn);

    struct http_answer plus = untag_as(wire, path, "tagKeys=a%2Bb", "tagKeys=a+b");
    struct http_answer space = untag_as(wire, path, "tagKeys=a%20b", "tagKeys=a+b");
    struct http_answer first = post_as(wire, &good, "/GetChannel", get);
    struct http_answer encoded = untag_as(wire, path, "tagKeys=a%2Bb", "tagKeys=a%2bb");
    struct http_answer second = post_as(wire, &good, "/GetChannel", get);

    assert_refused(&plus, "InvalidSignatureException", WRONG_SIGNATURE);
    assert_success(space.reply, 200);
    assert_false(reply_has(first.reply, "channel.tags.a b"));
    assert_true(reply_has(first.reply, "channel.tags.a+b"));
    assert_success(encoded.reply, 200);
    assert_false(reply_has(second.reply, "channel.tags.a+b"));
}

static void an_absolute_target_is_verified_with_its_own_host(void **state)
{
    struct wire *wire = *state;
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct signing good = {.key_id = NULL};
    const char *headers =
        sign(arena, wire_port(wire), &good, "POST", "/ListChannels", "{}");
    const char *own =
        arena_printf(arena, "http://localhost:%d/ListChannels", wire_port(wire));

    struct http_answer served = http_call(wire_connect(wire), "POST", own, headers, "{}");
    struct http_answer refused = http_call(
        wire_connect(wire), "POST", "http://other.test/ListChannels", headers, "{}");

    assert_success(served.reply, 200);
    assert_refused(&refused, "InvalidSignatureException", WRONG_SIGNATURE);
}

static void a_repeated_header_is_signed_as_one(void **state)
{
    struct wire *wire = *state;
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct sigv4_signer signer =
        signer_of(arena, &(struct signing){.key_id = NULL});
    const struct http_header headers[] = {
        {"host",            arena_printf(arena, "localhost:%d", wire_port(wire))},
        {"x-amz-date", signer.date                  },
        {"x-team",      "a b,c"     },
        {NULL,     NULL                 },
    };
    const struct sigv4_request request = {.method = "GET",
                                          .path = "/",
                                          .query = "",
                                          .headers = headers,
                                          .payload_hash = EMPTY_HASH};

    struct http_answer answer = http_call(
        wire_connect(wire), "GET", "/",
        arena_printf(arena,
                     "X-Team:   a   b \r\nX-Amz-Date: %s\r\nX-Team: c\r\n"
                     "Authorization: %s\r\n",
                     signer.date, sigv4_authorization(arena, &signer, &request)),
        NULL);

    assert_error_answer(&answer, 404, "UnknownOperationException");
}

static void a_refused_call_is_logged_for_the_account_it_claims(void **state)
{
    struct wire *wire = *state;
    const struct signing wrong = {.key_id = "123456789012", .secret = "guess"};
    const struct signing good = {.key_id = "123456789012"};

    (void)post_as(wire, &wrong, "/ListChannels", "{}");

    struct http_answer log = post_as(wire, &good, "/_ivs-local/ListRequests", "{}");
    assert_int_equal(reply_count(log.reply, "requests"), 1);
    assert_string_equal(reply_string(log.reply, "requests.0.error"),
                        "InvalidSignatureException");
}

static void no_secret_is_logged(void **state)
{
    static const char *const args[] = {
        "--port", "0",      "--db",  ":memory:",     "--log-level",
        "debug",  "--auth", "sigv4", "--access-key", "AKIDEXAMPLE:" SECRET,
        NULL};
    struct wire *wire = *state;
    struct arena *arena AUTO(arena_done) = arena_new();
    struct program *program = wire_run(wire, args);
    int port = program_port(program);
    const struct signing good = {.token = "AQoEXAMPLE-TOKEN"},
                         wrong = {.secret = "guess", .token = "AQoEXAMPLE-TOKEN"};
    struct http_client *client = wire_connect_to(wire, port);

    assert_success(http_call(client, "POST", "/ListChannels",
                             sign(arena, port, &good, "POST", "/ListChannels", "{}"),
                             "{}")
                       .reply,
                   200);
    struct http_answer refused =
        http_call(client, "POST", "/ListChannels",
                  sign(arena, port, &wrong, "POST", "/ListChannels", "{}"), "{}");
    assert_refused(&refused, "InvalidSignatureException", WRONG_SIGNATURE);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    assert_non_null(strstr(program_text(program, PROGRAM_ERR),
                           "operation=ListChannels status=403 "
                           "error=InvalidSignatureException message=\"The request"));
    assert_null(strstr(program_text(program, PROGRAM_ERR), "\\x0a"));
    assert_null(strstr(program_text(program, PROGRAM_ERR), SECRET));
    assert_null(strstr(program_text(program, PROGRAM_ERR), "AQoEXAMPLE-TOKEN"));
    assert_null(strstr(program_text(program, PROGRAM_OUT), SECRET));
}

static void an_invalid_access_key_stops_the_start_and_is_not_shown(void **state)
{
    static const char *const args[] = {"--access-key", "no id:" SECRET, NULL};

    struct program *program = wire_run_to_end(*state, args, 2);

    assert_string_equal(program_text(program, PROGRAM_ERR),
                        "ivs-local: --access-key must be ID:SECRET\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        auth_test(a_signed_call_is_served),
        auth_test(account_and_region_are_those_of_the_signature),
        auth_test(of_two_credentials_the_first_is_used),
        auth_test(an_arn_in_the_path_is_signed_as_it_is_sent),
        auth_test(an_unsigned_call_is_missing_a_token),
        auth_test(a_refused_signature_is_an_error_in_the_form_of_the_service),
        auth_test(another_scheme_is_not_understood),
        auth_test(an_unknown_access_key_is_refused),
        auth_test(a_session_token_is_accepted_unless_it_is_marked_as_expired),
        auth_test(a_wrong_secret_gives_another_signature),
        auth_test(a_body_that_was_changed_is_refused_and_does_nothing),
        auth_test(clocks_may_not_differ_by_much),
        auth_test(the_emulators_clock_does_not_affect_signatures),
        auth_test(the_service_is_the_one_of_the_operation),
        auth_test(a_signed_call_of_an_unknown_path_is_an_unknown_operation),
        auth_test(the_control_api_accepts_a_signature_for_any_service),
        auth_test(health_needs_no_signature),
        auth_test(a_foreign_origin_is_refused_before_the_signature),
        auth_test(the_signature_is_checked_before_a_fault_is_applied),
        auth_test(a_refused_call_is_listed_without_bodies_and_displaces_no_other),
        auth_test(a_body_that_is_too_large_is_refused_for_its_size),
        auth_test(a_presigned_call_is_served_until_it_expires),
        auth_test(a_plus_is_the_same_in_what_is_signed_and_in_what_arrives),
        auth_test(an_absolute_target_is_verified_with_its_own_host),
        auth_test(a_repeated_header_is_signed_as_one),
        auth_test(a_refused_call_is_logged_for_the_account_it_claims),
        wire_test_without_server(no_secret_is_logged),
        wire_test_without_server(an_invalid_access_key_stops_the_start_and_is_not_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
