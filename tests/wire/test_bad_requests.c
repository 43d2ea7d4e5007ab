/*
 * Requests that are invalid before their body: lines, targets, headers, lengths. Each is
 * refused or the connection is closed, nothing changes, and the next request gets a
 * response.
 */
#include "support/wire.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

/* Which part refuses the request. */
enum refusal {
    BY_US,      /* the server: JSON, with its type in a header */
    BY_LIBRARY, /* the HTTP library: a plain 4xx, or a closed connection */
};

struct bad_request {
    const char *bytes;
    size_t length; /* 0: it is a text */
    enum refusal refusal;
};

#define TEXT(text, refusal)                                                              \
    {                                                                                    \
        text, 0, refusal                                                                 \
    }
#define BYTES(text, refusal)                                                             \
    {                                                                                    \
        text, sizeof(text) - 1, refusal                                                  \
    }
#define REST " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
#define CHUNKED                                                                          \
    "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "             \
    "chunked\r\n\r\n"

static void assert_refused(struct wire *wire, const struct bad_request *bad)
{
    struct http_client *client = wire_connect(wire);
    struct http_answer answer;

    (void)http_send(client, bad->bytes,
                    bad->length > 0 ? bad->length : strlen(bad->bytes));
    enum http_outcome outcome = http_receive(client, false, &answer);
    if (bad->refusal == BY_US) {
        assert_int_equal(outcome, HTTP_ANSWER);
        assert_in_range(answer.reply.status, 400, 499);
        assert_error_answer(&answer, answer.reply.status, answer.reply.error);
    } else if (outcome == HTTP_ANSWER) {
        assert_in_range(answer.reply.status, 400, 499);
    } else {
        assert_int_equal(outcome, HTTP_CLOSED);
    }
    assert_int_equal(wire_count_channels(wire_connect(wire)), 0);
}

static void assert_all_refused(struct wire *wire, const struct bad_request *all,
                               size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_refused(wire, &all[i]);
}

static void badly_encoded_targets_are_refused(void **state)
{
    static const struct bad_request all[] = {
        TEXT("POST /CreateChannel%" REST, BY_US),
        TEXT("POST /CreateChannel%4" REST, BY_US),
        TEXT("POST /CreateChannel%zz" REST, BY_US),
        TEXT("POST /CreateChannel%00" REST, BY_US),
        TEXT("POST /%00CreateChannel" REST, BY_US),
        TEXT("POST /CreateChannel%c0%af" REST, BY_US),
        TEXT("POST /%c0%afCreateChannel" REST, BY_US),
        TEXT("POST /CreateChannel%ff" REST, BY_US),
        TEXT("POST /CreateChannel%ed%a0%80" REST, BY_US),
        TEXT("POST /CreateChannel\xff" REST, BY_US),
        TEXT("POST /CreateChannel?%" REST, BY_US),
        TEXT("POST /CreateChannel?a=%0" REST, BY_US),
        TEXT("POST /CreateChannel?a=%00" REST, BY_US),
        TEXT("POST /CreateChannel?%fe=1" REST, BY_US),
        TEXT("GET /tags/%00" REST, BY_US),
        TEXT("GET /tags/arn%3Aaws%3Aivs%3A%GG" REST, BY_US),
    };

    assert_all_refused(*state, all, COUNT_OF(all));
}

static void targets_that_are_not_a_path_are_refused(void **state)
{
    static const struct bad_request all[] = {
        TEXT("POST *" REST, BY_US),
        TEXT("DELETE *" REST, BY_US),
        TEXT("OPTIONS *?a" REST, BY_US),
        TEXT("POST CreateChannel" REST, BY_US),
        TEXT("POST ?/CreateChannel" REST, BY_US),
        TEXT("CONNECT localhost:443" REST, BY_US),
        TEXT("POST ../CreateChannel" REST, BY_US),
        TEXT("POST ftp://localhost/CreateChannel" REST, BY_US),
        TEXT("POST http:/CreateChannel" REST, BY_US),
        TEXT("POST http:///CreateChannel" REST, BY_US),
        TEXT("POST http://user@localhost/CreateChannel" REST, BY_US),
        TEXT("POST http://localhost:0/CreateChannel" REST, BY_US),
        TEXT("POST http://localhost:x/CreateChannel" REST, BY_US),
        TEXT("POST http://a\\b/CreateChannel" REST, BY_US),
        TEXT("POST http://localhost" REST, BY_US),
        TEXT("POST http://localhost/%" REST, BY_US),
        TEXT("POST /./CreateChannel" REST, BY_US),
        TEXT("POST /x/../CreateChannel" REST, BY_US),
        TEXT("POST /CreateChannel;x=1" REST, BY_US),
    };

    assert_all_refused(*state, all, COUNT_OF(all));
}

static void invalid_methods_are_refused(void **state)
{
    static const struct bad_request all[] = {
        TEXT("post /CreateChannel" REST, BY_US),
        TEXT("POSTPOSTPOSTPOSTPOSTPOST /CreateChannel" REST, BY_US),
        TEXT("P@ST /CreateChannel" REST, BY_US),
        TEXT("BREW /CreateChannel" REST, BY_US),
        TEXT("\xff\xfe /CreateChannel" REST, BY_US),
        TEXT("TRACE /CreateChannel" REST, BY_US),
        TEXT(" /CreateChannel" REST, BY_LIBRARY),
    };

    assert_all_refused(*state, all, COUNT_OF(all));
}

static void control_bytes_in_a_request_line_are_refused(void **state)
{
    static const struct bad_request all[] = {
        BYTES("POST /CreateChannel\x01" REST, BY_LIBRARY),
        BYTES("POST /Create\x7f"
              "Channel" REST,
              BY_LIBRARY),
        BYTES("PO\x08ST /CreateChannel" REST, BY_LIBRARY),
        BYTES("POST /Create\rChannel" REST, BY_LIBRARY),
        BYTES("POST /Create\tChannel" REST, BY_LIBRARY),
    };

    assert_all_refused(*state, all, COUNT_OF(all));
}

/* The HTTP library reads a request line as C strings, so a zero byte ends the word it is
 * in. The rest of that word is lost, which may leave a valid request. */
static void zero_bytes_in_a_request_line_do_no_harm(void **state)
{
    static const struct bad_request all[] = {
        BYTES("POST /List\0Channels" REST, BY_LIBRARY),
        BYTES("POST /ListChannels\0" REST, BY_LIBRARY),
        BYTES("POST\0 /ListChannels" REST, BY_LIBRARY),
        BYTES("\0POST /ListChannels" REST, BY_LIBRARY),
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct http_client *client = wire_connect(wire);
        struct http_answer answer;
        assert_true(http_send(client, all[i].bytes, all[i].length));
        assert_int_not_equal(http_receive(client, false, &answer), HTTP_SILENCE);
        assert_serves(wire, wire_port(wire));
    }
}

static void text_that_is_not_http_is_refused(void **state)
{
    static const struct bad_request all[] = {
        TEXT("hello\r\n\r\n", BY_LIBRARY),
        TEXT("POST\r\n\r\n", BY_LIBRARY),
        TEXT("POST /CreateChannel\r\n\r\n", BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP\r\n\r\n", BY_LIBRARY),
        TEXT("POST /CreateChannel FTP/1.1\r\n\r\n", BY_LIBRARY),
        TEXT("{\"name\":\"a\"}\r\n\r\n", BY_LIBRARY),
        TEXT("\x80\x81\x82\x83\r\n\r\n", BY_LIBRARY),
    };

    assert_all_refused(*state, all, COUNT_OF(all));
}

static void an_unsupported_version_of_http_is_refused(void **state)
{
    static const char *const requests[] = {"POST /CreateChannel HTTP/9.9\r\n\r\n",
                                           "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct http_client *client = wire_connect(wire);
        assert_true(http_send_text(client, requests[i]));
        assert_int_equal(http_expect(client).reply.status, 505);
        assert_int_equal(wire_count_channels(wire_connect(wire)), 0);
    }
}

static void bad_headers_are_refused(void **state)
{
    static const struct bad_request all[] = {
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nno colon\r\n"
             "Content-Length: 2\r\n\r\n{}",
             BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Length: -1\r\n\r\n{}",
             BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Length: x\r\n\r\n{}",
             BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Length: 2x\r\n\r\n{}",
             BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Length: 0x2\r\n\r\n{}",
             BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Length: 99999999999999999999999\r\n\r\n{}",
             BY_LIBRARY),
    };

    assert_all_refused(*state, all, COUNT_OF(all));
}

static void bad_chunks_are_refused(void **state)
{
    static const struct bad_request all[] = {
        TEXT(CHUNKED "zz\r\n{}\r\n0\r\n\r\n", BY_LIBRARY),
        TEXT(CHUNKED "-2\r\n{}\r\n0\r\n\r\n", BY_LIBRARY),
        TEXT(CHUNKED "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n", BY_LIBRARY),
        TEXT(CHUNKED "2\r\n{}{}{}0\r\n\r\n", BY_LIBRARY),
    };

    assert_all_refused(*state, all, COUNT_OF(all));
}

static void an_incomplete_request_has_no_effect(void **state)
{
    static const struct bad_request all[] = {
        TEXT("\r\n\r\n\r\n\r\n", BY_LIBRARY),
        BYTES("\0\0\0\0\0\0\0\0\r\n\r\n", BY_LIBRARY),
        BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", BY_LIBRARY), /* TLS */
        TEXT("POST /CreateCha", BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nContent-", BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Length: 3\r\n\r\n{}",
             BY_LIBRARY),
        TEXT("POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Length: 2000000000\r\n\r\n{}",
             BY_LIBRARY),
        TEXT(CHUNKED "2\r\n{}\r\n", BY_LIBRARY),
        TEXT(CHUNKED "ff\r\n{}", BY_LIBRARY),
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct http_client *client = http_client_open(wire_port(wire));
        assert_non_null(client);
        (void)http_send(client, all[i].bytes,
                        all[i].length > 0 ? all[i].length : strlen(all[i].bytes));
        http_client_close(client);
        assert_int_equal(wire_count_channels(wire_connect(wire)), 0);
    }
}

static void a_body_longer_than_its_length_runs_no_second_operation(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    struct http_answer second;

    assert_true(http_send_text(client, "POST /CreateChannel HTTP/1.1\r\n"
                                       "Host: localhost\r\n"
                                       "Content-Length: 2\r\n\r\n{}garbage\r\n\r\n"));
    struct http_answer first = http_expect(client);
    enum http_outcome outcome = http_receive(client, false, &second);

    assert_success(first.reply, 200);
    if (outcome == HTTP_ANSWER)
        assert_in_range(second.reply.status, 400, 499);
    else
        assert_int_equal(outcome, HTTP_CLOSED);
    assert_int_equal(wire_count_channels(wire_connect(wire)), 1);
}

static void the_fragment_of_a_target_is_ignored(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_post(client, "/ListChannels#part", "{}");

    assert_success(answer.reply, 200);
}

static void duplicate_headers_do_no_harm(void **state)
{
    static const char *const headers[] = {
        "Content-Type: a\r\nContent-Type: b\r\n",
        "Authorization: Bearer a\r\nAuthorization: Basic b\r\n",
        "X: 1\r\nX: 2\r\nX:\r\n",
        "Connection: keep-alive\r\nConnection: keep-alive\r\n",
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        struct http_client *client = wire_connect(wire);
        struct http_answer answer =
            http_call(client, "POST", "/ListChannels", headers[i], "{}");
        assert_true(answer.reply.status == 200 || answer.reply.status == 400);
        assert_serves(wire, wire_port(wire));
    }
}

/* The test fails unless the request is refused with 400 for this reason, or by the HTTP
 * library: from version 1.0 on it finds some of these errors itself. */
static void assert_refusal(const struct http_answer *answer, const char *reason)
{
    if (http_header(answer, "x-amzn-ErrorType") != NULL) {
        assert_error_answer(answer, 400, "BadRequestException");
        assert_string_equal(answer->reply.message, reason);
    } else {
        assert_in_range(answer->reply.status, 400, 501);
    }
}

/* The test fails unless a request with this head is refused with 400 for this reason.
 * What follows the head would be a second request if its lengths were read in another
 * way. */
static void assert_head_refused(struct wire *wire, const char *head, const char *reason)
{
    struct http_client *client = wire_connect(wire);

    assert_true(http_send_text(
        client, wire_printf(wire,
                            "%s\r\n2\r\n{}\r\n0\r\n\r\n"
                            "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
                            "Content-Length: 2\r\n\r\n{}",
                            head)));
    struct http_answer answer = http_expect(client);
    assert_refusal(&answer, reason);
    assert_header(&answer, "Connection", "close");
    http_expect_closed(client);
    assert_int_equal(wire_count_channels(wire_connect(wire)), 0);
}

static void unclear_lengths_are_refused_and_the_connection_is_closed(void **state)
{
    static const char twice[] = "The request has more than one Content-Length";
    static const char both[] =
        "The request has both Content-Length and Transfer-Encoding";
    static const char coding[] = "The only supported Transfer-Encoding is chunked";
    static const char *const cases[][2] = {
        {"Content-Length: 2\r\nContent-Length: 30\r\n",                   twice },
        {"Content-Length: 30\r\nContent-Length: 2\r\n",                   twice },
        {"Content-Length: 2\r\ncontent-length: 2\r\n",                    twice },
        {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",           both  },
        {"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",           both  },
        {"transfer-encoding: gzip\r\ncontent-length: 2\r\n",              both  },
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",  coding},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", coding},
        {"Transfer-Encoding: identity\r\n",                               coding},
        {"Transfer-Encoding: gzip, chunked\r\n",                          coding},
        {"Transfer-Encoding: gzip\r\n",                                   coding},
        {"Transfer-Encoding: chunked;a=b\r\n",                            coding},
        {"Transfer-Encoding: \r\n",                                       coding},
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_head_refused(
            wire,
            wire_printf(wire, "POST /ListChannels HTTP/1.1\r\nHost: localhost\r\n%s",
                        cases[i][0]),
            cases[i][1]);
    assert_head_refused(wire,
                        "POST /ListChannels HTTP/1.0\r\nHost: localhost\r\n"
                        "Transfer-Encoding: chunked\r\n",
                        "HTTP/1.0 has no Transfer-Encoding");
}

static void header_names_that_are_no_tokens_are_refused(void **state)
{
    static const char *const lines[] = {
        "Content-Length : 2", "Transfer-Encoding\t: chunked", "a b: c", "a(b): c",
        "\xc3\xa9: c",
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(lines); i++)
        assert_head_refused(
            wire,
            wire_printf(wire, "POST /ListChannels HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
                        lines[i]),
            "The name of a header is not a token");
}

/* The test fails unless a request with these lines is refused with 400 for this reason,
 * on a connection that continues to work unless the library refuses it. */
static void assert_host_refused(struct wire *wire, const char *target, const char *lines,
                                const char *reason)
{
    struct http_client *client = wire_connect(wire);

    assert_true(http_send_text(
        client, wire_printf(wire, "POST %s HTTP/1.1\r\n%sContent-Length: 2\r\n\r\n{}",
                            target, lines)));
    struct http_answer answer = http_expect(client);
    assert_refusal(&answer, reason);
    if (http_header(&answer, "x-amzn-ErrorType") != NULL)
        assert_success(http_post(client, "/ListChannels", "{}").reply, 200);
    assert_int_equal(wire_count_channels(wire_connect(wire)), 0);
}

static void a_request_has_exactly_one_host(void **state)
{
    static const char several[] = "The request has more than one Host";
    static const char none[] = "The request has no Host";

    assert_host_refused(*state, "/CreateChannel", "", none);
    assert_host_refused(*state, "http://localhost/CreateChannel", "", none);
    assert_host_refused(*state, "/CreateChannel",
                        "Host: localhost\r\nHost: localhost\r\n", several);
    assert_host_refused(*state, "/CreateChannel", "Host: localhost\r\nhost: other\r\n",
                        several);
    assert_host_refused(*state, "http://localhost/CreateChannel",
                        "Host: localhost\r\nHost: other\r\n", several);
}

static void the_options_of_the_server_need_no_path(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_call(client, "OPTIONS", "*", "", NULL);

    assert_int_equal(answer.reply.status, 204);
    assert_header(&answer, "Allow", "GET, HEAD, POST, DELETE, OPTIONS");
    assert_success(http_post(client, "/ListChannels", "{}").reply, 200);
}

/* A request whose target or header has this length. */
static struct bad_request long_request(struct wire *wire, const char *format,
                                       size_t length)
{
    char *filling = mem_alloc(length + 1);

    memset(filling, 'a', length);
    filling[length] = '\0';
    const char *marker = strstr(format, "@");
    const char *text = wire_printf(wire, "%.*s%s%s", (int)(marker - format), format,
                                   filling, marker + 1);
    free(filling);
    return (struct bad_request){text, 0, BY_LIBRARY};
}

static void long_targets_and_headers_are_refused(void **state)
{
    static const size_t lengths[] = {9000, 33000, 70000, 1000000};
    static const char *const forms[] = {
        "POST /@" REST,
        "POST /CreateChannel/@" REST,
        "@ /CreateChannel" REST,
        "POST /CreateChannel HTTP/1.1@\r\nHost: localhost\r\n\r\n",
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        for (size_t j = 0; j < COUNT_OF(lengths); j++) {
            struct bad_request bad = long_request(wire, forms[i], lengths[j]);
            assert_refused(wire, &bad);
        }
    }
    for (size_t j = 1; j < COUNT_OF(lengths); j++) {
        struct bad_request value = long_request(
            wire, "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nX: @\r\n\r\n",
            lengths[j]);
        struct bad_request name = long_request(
            wire, "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n@: x\r\n\r\n",
            lengths[j]);
        assert_refused(wire, &value);
        assert_refused(wire, &name);
    }
}

static void very_many_headers_are_refused(void **state)
{
    enum { HEADERS = 5000 };
    struct wire *wire = *state;
    char *headers = mem_zalloc(HEADERS * 8 + 1);

    for (size_t i = 0; i < HEADERS; i++)
        memcpy(headers + i * 8, "X: abc\r\n", 8);
    struct bad_request bad = {
        wire_printf(wire, "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
                    headers),
        0, BY_LIBRARY};
    free(headers);

    assert_refused(wire, &bad);
}

static void thousands_of_query_pairs_are_refused(void **state)
{
    static const size_t counts[] = {257, 2000, 20000};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        char *query = mem_zalloc(counts[i] * 4 + 1);
        for (size_t j = 0; j < counts[i]; j++)
            memcpy(query + j * 4, "a=b&", 4);
        struct bad_request bad = {wire_printf(wire, "POST /CreateChannel?%s" REST, query),
                                  0, counts[i] < 1000 ? BY_US : BY_LIBRARY};
        free(query);
        assert_refused(wire, &bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(badly_encoded_targets_are_refused),
        wire_test(targets_that_are_not_a_path_are_refused),
        wire_test(invalid_methods_are_refused),
        wire_test(control_bytes_in_a_request_line_are_refused),
        wire_test(zero_bytes_in_a_request_line_do_no_harm),
        wire_test(text_that_is_not_http_is_refused),
        wire_test(an_unsupported_version_of_http_is_refused),
        wire_test(bad_headers_are_refused),
        wire_test(bad_chunks_are_refused),
        wire_test(an_incomplete_request_has_no_effect),
        wire_test(a_body_longer_than_its_length_runs_no_second_operation),
        wire_test(the_fragment_of_a_target_is_ignored),
        wire_test(duplicate_headers_do_no_harm),
        wire_test(unclear_lengths_are_refused_and_the_connection_is_closed),
        wire_test(header_names_that_are_no_tokens_are_refused),
        wire_test(a_request_has_exactly_one_host),
        wire_test(the_options_of_the_server_need_no_path),
        wire_test(long_targets_and_headers_are_refused),
        wire_test(very_many_headers_are_refused),
        wire_test(thousands_of_query_pairs_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
