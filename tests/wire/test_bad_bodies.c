/*
 * Invalid bodies: each is refused and changes nothing, and the next request gets a
 * response.
 */
#include "support/wire.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { LIMIT = 1024 * 1024 };

/* The test fails unless the body is refused, nothing ran, and the connection still
 * works. */
static void assert_refused(struct http_client *client, const char *body, size_t length,
                           int status, const char *error)
{
    assert_true(http_send_request(client, "POST", "/CreateChannel", "", body, length));
    struct http_answer answer = http_expect(client);
    assert_error_answer(&answer, status, error);
    assert_int_equal(wire_count_channels(client), 0);
}

static void assert_each_refused(struct wire *wire, const char *const *bodies,
                                size_t count)
{
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < count; i++) {
        assert_refused(client, bodies[i], strlen(bodies[i]), 400,
                       "SerializationException");
    }
}

/* {"pad":"aaa..."} of exactly this many bytes. */
static char *padded(size_t length)
{
    static const char head[] = "{\"pad\":\"", tail[] = "\"}";
    char *body = mem_alloc(length + 1);

    memset(body, 'a', length);
    memcpy(body, head, strlen(head));
    memcpy(body + length - strlen(tail), tail, sizeof(tail));
    return body;
}

static void text_that_is_not_json_is_refused(void **state)
{
    static const char *const bodies[] = {
        "{",
        "}",
        "{\"name\"",
        "{\"name\":",
        "{\"name\":\"a",
        "{\"name\":\"a\"",
        "{\"name\":\"a\",}",
        "{\"name\":\"a\"}}",
        "{\"name\":\"a\"} x",
        "{}{}",
        "{} []",
        "{name:\"a\"}",
        "{'name':'a'}",
        "{\"name\":\"a\" /* b */}",
        "{\"name\":tru}",
        "{\"name\":NaN}",
        "{\"pad\":01}",
        "{\"pad\":+1}",
        "{\"pad\":1.}",
        "{\"pad\":0x10}",
        "{\"name\":\"a\tb\"}",
        "{\"name\":\"a\nb\"}",
        "{\"name\":\"\\x41\"}",
        "{\"name\":\"\\u12g4\"}",
        "\xef\xbb\xbf{}",
        " ",
        "name=lobby&type=BASIC",
        "<xml/>",
    };

    assert_each_refused(*state, bodies, COUNT_OF(bodies));
}

static void json_that_is_not_an_object_is_refused(void **state)
{
    static const char *const bodies[] = {
        "[]",   "[{\"name\":\"a\"}]", "\"name\"", "\"\"", "1", "-1.5e3", "true", "false",
        "null",
    };

    assert_each_refused(*state, bodies, COUNT_OF(bodies));
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    static const char *const bodies[] = {
        "{\"name\":\"\x80\"}",             /* a continuation byte alone */
        "{\"name\":\"\xc3\"}",             /* truncated */
        "{\"name\":\"\xff\xfe\"}",         /* never used in UTF-8 */
        "{\"name\":\"\xc0\xaf\"}",         /* overlong */
        "{\"name\":\"\xe0\x80\xaf\"}",     /* overlong */
        "{\"name\":\"\xed\xa0\x80\"}",     /* a surrogate */
        "{\"name\":\"\xf4\x90\x80\x80\"}", /* beyond the last code point */
        "{\"\x80\":\"a\"}",
    };

    assert_each_refused(*state, bodies, COUNT_OF(bodies));
}

static void strings_that_are_not_valid_text_are_refused(void **state)
{
    static const char *const bodies[] = {
        "{\"name\":\"a\\u0000b\"}",       "{\"name\\u0000\":\"a\"}",
        "{\"pad\":\"\\u0000\"}",          "{\"name\":\"\\ud800\"}",
        "{\"name\":\"\\udc00\"}",         "{\"name\":\"\\ud800x\"}",
        "{\"name\":\"\\ud800\\ud800\"}",  "{\"name\":\"\\ud800\\u0041\"}",
        "{\"tags\":{\"\\udfff\":\"a\"}}",
    };

    assert_each_refused(*state, bodies, COUNT_OF(bodies));
}

static void members_of_a_wrong_type_are_refused(void **state)
{
    static const char *const bodies[] = {
        "{\"name\":1}",
        "{\"name\":[]}",
        "{\"name\":{}}",
        "{\"name\":true}",
        "{\"authorized\":\"yes\"}",
        "{\"authorized\":1}",
        "{\"tags\":[]}",
        "{\"tags\":\"a\"}",
        "{\"tags\":{\"a\":1}}",
    };

    assert_each_refused(*state, bodies, COUNT_OF(bodies));
}

static void zero_bytes_are_refused(void **state)
{
    static const char in_string[] = "{\"name\":\"a\0b\"}", behind[] = "{}\0",
                      before[] = "\0{}";
    struct http_client *client = wire_connect(*state);

    assert_refused(client, in_string, sizeof(in_string) - 1, 400,
                   "SerializationException");
    assert_refused(client, behind, sizeof(behind) - 1, 400, "SerializationException");
    assert_refused(client, before, sizeof(before) - 1, 400, "SerializationException");
}

static void twenty_thousand_levels_are_refused(void **state)
{
    enum { LEVELS = 20000 };
    static const char *const openings[] = {"[", "{\"a\":"};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(openings); i++) {
        size_t length = strlen(openings[i]);
        char *body = mem_zalloc(8 + LEVELS * length + 1);
        memcpy(body, "{\"pad\":", 7);
        for (size_t level = 0; level < LEVELS; level++)
            memcpy(body + 7 + level * length, openings[i], length);
        assert_refused(wire_connect(wire), body, strlen(body), 400,
                       "SerializationException");
        free(body);
    }
}

static void sixty_four_levels_are_the_limit(void **state)
{
    struct http_client *client = wire_connect(*state);
    char body[512] = "{\"pad\":";
    size_t used = strlen(body);

    memset(body + used, '[', 63);
    memset(body + used + 63, ']', 63);
    body[used + 126] = '}';
    struct http_answer accepted = http_post(client, "/CreateChannel", body);
    memset(body + used, '[', 64);
    memset(body + used + 64, ']', 64);
    body[used + 128] = '}';
    struct http_answer refused = http_post(client, "/CreateChannel", body);

    assert_success(accepted.reply, 200);
    assert_error_answer(&refused, 400, "SerializationException");
}

static void a_body_of_one_mebibyte_is_accepted(void **state)
{
    struct http_client *client = wire_connect(*state);
    char *body = padded(LIMIT);

    assert_true(http_send_request(client, "POST", "/CreateChannel", "", body, LIMIT));
    struct http_answer answer = http_expect(client);
    free(body);

    assert_success(answer.reply, 200);
    assert_int_equal(wire_count_channels(client), 1);
}

static void a_body_of_one_byte_more_is_too_large(void **state)
{
    struct http_client *client = wire_connect(*state);
    char *body = padded(LIMIT + 1);

    assert_refused(client, body, LIMIT + 1, 413, "RequestTooLargeException");
    free(body);
}

static void a_large_body_is_refused_like_every_other_error(void **state)
{
    static const struct {
        const char *path;
        int status;
        const char *error;
        bool for_ivs;
    } cases[] = {
        {"/CreateChannel",    413, "RequestTooLargeException",  true },
        {"/_ivs-local/Reset", 413, "RequestTooLargeException",  false},
        {"/NoSuchOperation",  404, "UnknownOperationException", false},
    };
    struct http_client *client = wire_connect(*state);
    char *body = padded(LIMIT + 1);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(
            http_send_request(client, "POST", cases[i].path, "", body, LIMIT + 1));
        struct http_answer answer = http_expect(client);
        assert_error_answer(&answer, cases[i].status, cases[i].error);
        assert_int_equal(strstr(answer.body, "exceptionMessage") != NULL,
                         cases[i].for_ivs);
    }
    free(body);
}

static void a_chunked_body_has_the_same_limit(void **state)
{
    enum { CHUNK = 64 * 1024 };
    struct http_client *client = wire_connect(*state);
    char *body = padded(LIMIT);

    for (int more = 0; more <= 1; more++) {
        assert_true(http_send_text(client, "POST /CreateChannel HTTP/1.1\r\n"
                                           "Host: localhost\r\n"
                                           "Transfer-Encoding: chunked\r\n\r\n"));
        for (size_t at = 0; at < LIMIT; at += CHUNK) {
            assert_true(http_send_text(client, "10000\r\n"));
            assert_true(http_send(client, body + at, CHUNK));
            assert_true(http_send_text(client, "\r\n"));
        }
        assert_true(http_send_text(client, more ? "1\r\n \r\n0\r\n\r\n" : "0\r\n\r\n"));
        struct http_answer answer = http_expect(client);
        if (more)
            assert_error_answer(&answer, 413, "RequestTooLargeException");
        else
            assert_success(answer.reply, 200);
    }
    free(body);

    assert_int_equal(wire_count_channels(client), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(text_that_is_not_json_is_refused),
        wire_test(json_that_is_not_an_object_is_refused),
        wire_test(text_that_is_not_utf8_is_refused),
        wire_test(strings_that_are_not_valid_text_are_refused),
        wire_test(members_of_a_wrong_type_are_refused),
        wire_test(zero_bytes_are_refused),
        wire_test(twenty_thousand_levels_are_refused),
        wire_test(sixty_four_levels_are_the_limit),
        wire_test(a_body_of_one_mebibyte_is_accepted),
        wire_test(a_body_of_one_byte_more_is_too_large),
        wire_test(a_large_body_is_refused_like_every_other_error),
        wire_test(a_chunked_body_has_the_same_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
