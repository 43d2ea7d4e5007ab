/*
 * What a browser gets at the root of the server.
 */
#include "base/base64.h"
#include "base/digest.h"
#include "base/version.h"
#include "support/wire.h"

#include <string.h>

#include "support/cmocka_all.h"

#define BROWSER                                                                          \
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"

static struct http_answer get(struct http_client *client, const char *target,
                              const char *headers)
{
    return http_call(client, "GET", target, headers, NULL);
}

static bool is_page(const struct http_answer *answer)
{
    const char *type = http_header(answer, "Content-Type");

    return answer->reply.status == 200 && type != NULL &&
           strcmp(type, "text/html; charset=utf-8") == 0;
}

static void a_browser_gets_a_page(void **state)
{
    static const char *const targets[] = {"/", "/?a=b", "/_ivs-local", "/_ivs-local/"};
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_answer answer = get(client, targets[i], BROWSER);
        assert_true(is_page(&answer));
        assert_non_null(strstr(answer.body, ivs_local_version));
        assert_non_null(
            strstr(answer.body,
                   wire_printf(wire, "export AWS_ENDPOINT_URL_IVS=http://localhost:%d\n",
                               wire_port(wire))));
        assert_non_null(strstr(answer.body, "export AWS_DEFAULT_REGION=us-east-1\n"));
    }
}

static void the_links_of_the_page_lead_somewhere(void **state)
{
    struct http_client *client = wire_connect(*state);
    struct http_answer page = get(client, "/", BROWSER);
    int links = 0;

    for (const char *at = page.body; (at = strstr(at, "<a href=\"")) != NULL; links++) {
        at += strlen("<a href=\"");
        const char *target = wire_printf(*state, "%.*s", (int)strcspn(at, "\""), at);
        assert_int_equal(get(client, target, BROWSER).reply.status, 200);
    }
    assert_int_equal(links, 2);
}

static void the_page_may_load_nothing(void **state)
{
    struct wire *wire = *state;
    struct arena *arena AUTO(arena_done) = arena_new();
    unsigned char digest[DIGEST_SHA256_BYTES];
    struct http_answer page = get(wire_connect(wire), "/", BROWSER);
    const char *style = strstr(page.body, "<style>");
    assert_non_null(style);
    style += strlen("<style>");
    const char *end = strstr(style, "</style>");
    assert_non_null(end);

    digest_sha256(style, (size_t)(end - style), digest);

    assert_header(
        &page, "Content-Security-Policy",
        wire_printf(wire,
                    "default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri "
                    "'none'; form-action 'none'; frame-ancestors 'none'",
                    base64_encode(arena, digest, sizeof(digest))));
    assert_null(strstr(page.body, "<script"));
    assert_null(strstr(page.body, "src="));
    assert_null(strstr(page.body, "https:"));
    assert_header(&page, "X-Content-Type-Options", "nosniff");
    assert_header(&page, "X-Frame-Options", "DENY");
    assert_header(&page, "Vary", "Accept");
    assert_non_null(http_header(&page, "x-amzn-RequestId"));
}

static void only_a_client_that_prefers_html_gets_the_page(void **state)
{
    static const struct {
        const char *accept;
        bool page;
    } cases[] = {
        {"Accept: text/html\r\n",                              true },
        {"Accept: TEXT/HTML ; q=0.5\r\n",                      true },
        {"Accept: */*;q=0.1, text/html;level=1;q=0.001\r\n",   true },
        {"Accept: application/json;q=0.8,text/html;q=0.9\r\n", true },
        {"Accept: application/json, text/html;q=0.9\r\n",      false},
        {"Accept: application/json, text/html\r\n",            false},
        {"Accept: text/html;q=0\r\n",                          false},
        {"Accept: text/html;q=\r\n",                           false},
        {"Accept: text/html;q=0.\r\n",                         false},
        {"Accept: text/html;q, text/html;q=1\r\n",             true },
        {"Accept: text/html;q=0.000\r\n",                      false},
        {"Accept: text/htmlx, xtext/html, text/*\r\n",         false},
        {"Accept: application/json, text/plain, */*\r\n",      false},
        {"Accept: */*\r\n",                                    false},
        {"Accept: \r\n",                                       false},
        {"",                                                   false},
    };
    struct http_client *client = wire_connect(*state);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_answer answer = get(client, "/", cases[i].accept);
        if (is_page(&answer) != cases[i].page)
            fail_msg("%s gets %s", cases[i].accept, answer.body);
        if (!cases[i].page)
            assert_error_answer(&answer, 404, "UnknownOperationException");
    }
}

static void other_requests_of_a_browser_get_no_page(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer post = http_call(client, "POST", "/", BROWSER, "{}");
    struct http_answer unknown = get(client, "/index.html", BROWSER);
    struct http_answer health = get(client, "/_ivs-local/health", BROWSER);
    struct http_answer refused =
        get(client, "/", BROWSER "Origin: https://elsewhere.example\r\n");

    assert_error_answer(&post, 404, "UnknownOperationException");
    assert_error_answer(&unknown, 404, "UnknownOperationException");
    assert_header(&health, "Content-Type", "application/json");
    assert_error_answer(&refused, 403, "OriginRefusedException");
}

static void head_gets_the_headers_of_the_page(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer page = get(client, "/", BROWSER);
    struct http_answer head = http_call(client, "HEAD", "/", BROWSER, NULL);

    assert_true(is_page(&head));
    assert_int_equal(head.body_length, 0);
    assert_string_equal(http_header(&head, "Content-Length"),
                        http_header(&page, "Content-Length"));
}

static void the_page_needs_no_signature(void **state)
{
    struct http_answer page = get(wire_connect(*state), "/", BROWSER);

    assert_true(is_page(&page));
}

int main(void)
{
    static const char *const verifying[] = {"--auth", "sigv4", NULL};
    const struct CMUnitTest tests[] = {
        wire_test(a_browser_gets_a_page),
        wire_test(the_links_of_the_page_lead_somewhere),
        wire_test(the_page_may_load_nothing),
        wire_test(only_a_client_that_prefers_html_gets_the_page),
        wire_test(other_requests_of_a_browser_get_no_page),
        wire_test(head_gets_the_headers_of_the_page),
        wire_test_with(the_page_needs_no_signature, verifying),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
