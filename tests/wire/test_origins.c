/*
 * Web pages: which may use the server, and the headers for their browsers.
 */
#include "api/request_log.h"
#include "support/wire.h"

#include <string.h>

#include "support/cmocka_all.h"

static struct http_answer create_from(struct wire *wire, struct http_client *client,
                                      const char *origin)
{
    return http_call(client, "POST", "/CreateChannel",
                     wire_printf(wire, "Origin: %s\r\n", origin), "{}");
}

/* The test fails unless the page is refused and nothing ran. */
static void assert_all_refused(struct wire *wire, const char *const *origins,
                               size_t count)
{
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < count; i++) {
        struct http_answer answer = create_from(wire, client, origins[i]);
        if (answer.reply.status != 403)
            fail_msg("the origin '%s' gets status %d", origins[i], answer.reply.status);
        assert_error_answer(&answer, 403, "OriginRefusedException");
        assert_null(http_header(&answer, "Access-Control-Allow-Origin"));
    }
    assert_int_equal(wire_count_channels(client), 0);
}

static void assert_all_allowed(struct wire *wire, const char *const *origins,
                               size_t count)
{
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < count; i++) {
        struct http_answer answer = create_from(wire, client, origins[i]);
        if (answer.reply.status != 200)
            fail_msg("the origin '%s' gets status %d", origins[i], answer.reply.status);
        assert_header(&answer, "Access-Control-Allow-Origin", "*");
    }
    assert_int_equal(wire_count_channels(client), count);
}

static void pages_of_this_machine_are_served(void **state)
{
    static const char *const origins[] = {
        "http://localhost",        "https://localhost",
        "http://localhost:3000",   "http://127.0.0.1",
        "http://127.0.0.1:8080",   "https://127.0.0.1:443",
        "http://127.1.2.3:5000",   "http://[::1]",
        "http://[::1]:3000",       "http://LOCALHOST:3000",
        "https://localhost:65535", "http://app.localhost:3000",
    };

    assert_all_allowed(*state, origins, COUNT_OF(origins));
}

static void pages_from_elsewhere_are_refused(void **state)
{
    static const char *const origins[] = {
        "http://example.com",
        "https://example.com:4580",
        "null",
        "",
        "*",
        "localhost",
        "file://",
        "ftp://localhost",
        "chrome-extension://localhost",
        "http://",
        "http://localhost.example.com",
        "http://app.localhost.example.com",
        "http://applocalhost",
        "http://example.com.localhost.example",
        "http://127.0.0.1.example.com",
        "http://128.0.0.1",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "http://127.1",
        "http://2130706433",
        "http://[::2]",
        "http://[::1].example.com",
        "http://example.com#[::1]",
        "http://localhost:",
        "http://localhost:80x",
        "http://localhost:3000/page",
        "http://localhost@example.com",
        "http://example.com:@localhost",
        "http://localhost,http://example.com",
        "http://localhost http://example.com",
    };

    assert_all_refused(*state, origins, COUNT_OF(origins));
}

static void a_caller_that_is_not_a_web_page_is_served(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_post(client, "/CreateChannel", "{}");

    assert_success(answer.reply, 200);
    assert_header(&answer, "Access-Control-Allow-Origin", "*");
}

static void the_request_of_a_refused_page_has_no_effect(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "kept");
    const char *one = wire_printf(wire, "{\"arn\":\"%s\"}", arn);
    const char *tags = wire_printf(wire, "/tags/%s", arn);
    const char *const cases[][3] = {
        {"POST", "/DeleteChannel",     one                       },
        {"POST", "/_ivs-local/Reset",  "{\"allAccounts\":true}"  },
        {"POST", tags,                 "{\"tags\":{\"a\":\"1\"}}"},
        {"GET",  "/_ivs-local/health", NULL                      },
        {"GET",  "/NoSuchOperation",   NULL                      },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_answer answer =
            http_call(client, cases[i][0], cases[i][1],
                      "Origin: https://elsewhere.example\r\n", cases[i][2]);
        assert_error_answer(&answer, 403, "OriginRefusedException");
    }

    struct http_answer channel = http_post(client, "/GetChannel", one);
    assert_success(channel.reply, 200);
    assert_int_equal(reply_count(channel.reply, "channel.tags"), 0);
}

static void the_origin_is_checked_before_the_signature(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_call(client, "POST", "/CreateChannel",
                                          "Origin: https://elsewhere.example\r\n"
                                          "Authorization: AWS4-HMAC-SHA256 nonsense\r\n",
                                          "{");

    assert_error_answer(&answer, 403, "OriginRefusedException");
}

static void an_error_is_readable_by_an_allowed_page(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer = http_call(client, "POST", "/GetChannel",
                                          "Origin: http://localhost:3000\r\n", "{}");

    assert_error_answer(&answer, 400, "ValidationException");
    assert_header(&answer, "Access-Control-Allow-Origin", "*");
}

static void a_refused_page_is_shown_in_the_request_log(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    (void)http_call(client, "POST", "/_ivs-local/Reset?x=1",
                    "Origin: https://elsewhere.example\r\n", "{}");

    struct http_answer log =
        http_post(client, "/_ivs-local/ListRequests", "{\"errorsOnly\":true}");
    assert_success(log.reply, 200);
    assert_int_equal(reply_count(log.reply, "requests"), 1);
    assert_string_equal(reply_string(log.reply, "requests.0.method"), "POST");
    assert_string_equal(reply_string(log.reply, "requests.0.path"), "/_ivs-local/Reset");
    assert_string_equal(reply_string(log.reply, "requests.0.error"),
                        "OriginRefusedException");
}

/* The requests that a page of another site makes its visitor's browser send: simple GETs,
 * a navigation, and a POST with the page's origin. */
static void send_from_another_site(struct http_client *client, const char *tags)
{
    static const char image[] =
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"
        "Sec-Fetch-Dest: image\r\n";
    static const char link[] =
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
        "Sec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\n";
    static const char form[] = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"
                               "Origin: https://elsewhere.example\r\n";
    const struct {
        const char *method, *target, *headers, *body;
    } requests[] = {
        {"GET",  tags,                  image, NULL},
        {"GET",  tags,                  link,  NULL},
        {"HEAD", "/_ivs-local/metrics", image, NULL},
        {"GET",  "/NoSuchOperation",    image, NULL},
        {"GET",  "/%",                  image, NULL},
        {"POST", "/ListChannels",       form,  "{}"},
        {"POST", "/ListChannels",       image, "{}"},
    };

    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        bool is_head = strcmp(requests[i].method, "HEAD") == 0;
        const char *body = requests[i].body;
        struct http_answer answer;
        assert_true(http_send_request(client, requests[i].method, requests[i].target,
                                      requests[i].headers, body,
                                      body != NULL ? strlen(body) : 0));
        assert_int_equal(http_receive(client, is_head, &answer), HTTP_ANSWER);
        assert_int_equal(answer.reply.status, 403);
        if (!is_head)
            assert_error_answer(&answer, 403, "OriginRefusedException");
        assert_null(http_header(&answer, "Access-Control-Allow-Origin"));
    }
}

static void pages_of_another_site_displace_no_call_and_use_up_no_fault(void **state)
{
    enum { ROUNDS = 160 };
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *tags =
        wire_printf(wire, "/tags/%s", wire_create_channel(wire, client, "mine"));
    static const char fault[] =
        "{\"operation\":\"*\",\"error\":\"ThrottlingException\",\"times\":1}";

    assert_success(http_post(client, "/_ivs-local/PutFault", fault).reply, 200);
    for (int i = 0; i < ROUNDS; i++)
        send_from_another_site(client, tags);

    struct http_answer log = http_post(client, "/_ivs-local/ListRequests", "{}");
    assert_success(log.reply, 200);
    assert_int_equal(reply_count(log.reply, "requests"), 1 + REQUEST_LOG_REFUSED_ENTRIES);
    assert_string_equal(reply_string(log.reply, "requests.0.operation"), "CreateChannel");
    assert_string_equal(reply_string(log.reply, "requests.1.error"),
                        "OriginRefusedException");
    assert_true(reply_bool(log.reply, "requests.1.refused"));

    struct http_answer hit = http_post(client, "/ListChannels", "{}");
    assert_error_answer(&hit, 429, "ThrottlingException");
}

static void
what_the_address_bar_and_other_ports_of_this_machine_send_is_served(void **state)
{
    static const char *const sites[] = {"none", "same-origin", "same-site"};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(sites); i++) {
        struct http_answer answer =
            http_call(wire_connect(wire), "GET", "/_ivs-local/health",
                      wire_printf(wire, "Sec-Fetch-Site: %s\r\n", sites[i]), NULL);
        assert_success(answer.reply, 200);
    }
}

static void an_allowed_page_of_another_site_is_served(void **state)
{
    struct http_answer answer = http_call(
        wire_connect(*state), "POST", "/ListChannels",
        "Sec-Fetch-Site: cross-site\r\nOrigin: http://127.0.0.1:3000\r\n", "{}");

    assert_success(answer.reply, 200);
}

static void a_star_serves_every_site(void **state)
{
    struct http_answer answer =
        http_call(wire_connect(*state), "GET", "/_ivs-local/health",
                  "Sec-Fetch-Site: cross-site\r\n", NULL);

    assert_success(answer.reply, 200);
}

/* The response to a request without Origin for this host name. */
static struct http_answer call_host(struct wire *wire, const char *method,
                                    const char *target, const char *host)
{
    struct http_client *client = wire_connect(wire);
    struct http_answer answer;

    assert_true(http_send_text(
        client,
        wire_printf(wire, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n\r\n",
                    method, target, host)));
    assert_int_equal(http_receive(client, strcmp(method, "HEAD") == 0, &answer),
                     HTTP_ANSWER);
    return answer;
}

static void assert_host(struct wire *wire, const char *host, bool served)
{
    struct http_answer answer = call_host(wire, "GET", "/_ivs-local/health", host);

    if (answer.reply.status != (served ? 200 : 403))
        fail_msg("the host '%s' gets status %d", host, answer.reply.status);
    if (!served) {
        assert_error_answer(&answer, 403, "OriginRefusedException");
        assert_null(http_header(&answer, "Access-Control-Allow-Origin"));
    }
}

static void a_host_that_no_page_can_have_is_served(void **state)
{
    static const char *const hosts[] = {
        "localhost:4580",
        "127.0.0.1:4580",
        "192.168.0.7",
        "[::1]:4580",
        "[fd00::7]",
        "ivs-local:4580",
        "app.localhost",
        "host.docker.internal:4580",
        "My-Laptop.LOCAL:4580",
        "ivs.svc.cluster.local",
    };

    for (size_t i = 0; i < COUNT_OF(hosts); i++)
        assert_host(*state, hosts[i], true);
}

static void a_host_that_a_page_may_have_is_refused(void **state)
{
    static const char *const hosts[] = {
        "evil.example:4580",     "evil.example",   "localhost.evil.com:4580",
        "127.0.0.1.nip.example", "evil!.com:4580", "",
    };

    for (size_t i = 0; i < COUNT_OF(hosts); i++)
        assert_host(*state, hosts[i], false);
}

static void a_page_under_a_rebound_name_reads_nothing(void **state)
{
    struct wire *wire = *state;
    const char *arn = wire_create_channel(wire, wire_connect(wire), "mine");
    const char *tags = wire_printf(wire, "/tags/%s", arn);

    assert_int_equal(call_host(wire, "GET", tags, "localhost").reply.status, 200);
    assert_int_equal(call_host(wire, "GET", tags, "evil.example").reply.status, 403);
    assert_int_equal(call_host(wire, "HEAD", tags, "evil.example").reply.status, 403);
}

static void a_caller_that_is_not_a_web_page_may_post_to_any_host(void **state)
{
    struct http_answer answer =
        call_host(*state, "POST", "/ListChannels", "ivs.example.com:4580");

    assert_success(answer.reply, 200);
}

static void a_caller_without_a_host_header_is_served(void **state)
{
    struct http_client *client = wire_connect(*state);

    assert_true(http_send_text(client, "GET /_ivs-local/health HTTP/1.0\r\n\r\n"));

    assert_success(http_expect(client).reply, 200);
}

static void the_host_of_a_listed_origin_is_served(void **state)
{
    assert_host(*state, "app.example.com:4580", true);
    assert_host(*state, "localhost:4580", true);
    assert_host(*state, "example.com:4580", false);
    assert_host(*state, "app.example.com.evil.com", false);
}

static void a_star_serves_every_host(void **state)
{
    assert_host(*state, "evil.example:4580", true);
}

static struct http_answer preflight(struct wire *wire, const char *origin,
                                    const char *more)
{
    return http_call(wire_connect(wire), "OPTIONS", "/CreateChannel",
                     wire_printf(wire,
                                 "Origin: %s\r\n"
                                 "Access-Control-Request-Method: POST\r\n%s",
                                 origin, more),
                     NULL);
}

static void a_preflight_allows_the_headers_asked_for(void **state)
{
    static const char asked[] =
        "authorization,content-type,x-amz-date,x-amz-security-token,x-amz-user-agent";
    struct wire *wire = *state;

    struct http_answer answer =
        preflight(wire, "http://localhost:3000",
                  wire_printf(wire, "Access-Control-Request-Headers: %s\r\n", asked));

    assert_success(answer.reply, 204);
    assert_int_equal(answer.body_length, 0);
    assert_header(&answer, "Access-Control-Allow-Headers", asked);
    assert_header(&answer, "Access-Control-Allow-Origin", "*");
}

static void a_preflight_allows_every_method_of_the_api(void **state)
{
    static const char *const methods[] = {"GET", "POST", "DELETE"};

    struct http_answer answer = preflight(*state, "http://localhost:3000", "");

    assert_success(answer.reply, 204);
    const char *allowed = http_header(&answer, "Access-Control-Allow-Methods");
    assert_non_null(allowed);
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        assert_non_null(strstr(allowed, methods[i]));
    assert_null(http_header(&answer, "Access-Control-Allow-Headers"));
    assert_null(http_header(&answer, "Access-Control-Allow-Private-Network"));
}

static void a_preflight_for_a_private_network_is_granted(void **state)
{
    struct http_answer answer =
        preflight(*state, "http://localhost:3000",
                  "Access-Control-Request-Private-Network: true\r\n");

    assert_success(answer.reply, 204);
    assert_header(&answer, "Access-Control-Allow-Private-Network", "true");
}

static void a_preflight_from_elsewhere_is_refused(void **state)
{
    struct http_answer answer =
        preflight(*state, "https://elsewhere.example",
                  "Access-Control-Request-Headers: authorization\r\n");

    assert_error_answer(&answer, 403, "OriginRefusedException");
    assert_null(http_header(&answer, "Access-Control-Allow-Origin"));
    assert_null(http_header(&answer, "Access-Control-Allow-Headers"));
    assert_null(http_header(&answer, "Access-Control-Allow-Methods"));
}

static void listed_origins_are_served(void **state)
{
    static const char *const origins[] = {"https://app.example.com",
                                          "http://10.0.0.7:3000"};

    assert_all_allowed(*state, origins, COUNT_OF(origins));
}

static void a_list_replaces_the_origins_of_this_machine(void **state)
{
    static const char *const origins[] = {
        "http://localhost",           "http://127.0.0.1:3000",
        "http://app.example.com",     "https://app.example.com:443",
        "https://app.example.com.au", "https://app.example.co",
    };

    assert_all_refused(*state, origins, COUNT_OF(origins));
}

static void a_star_serves_every_origin(void **state)
{
    static const char *const origins[] = {"https://elsewhere.example", "null",
                                          "http://localhost:3000", "file://"};

    assert_all_allowed(*state, origins, COUNT_OF(origins));
}

int main(void)
{
    static const char *const listed[] = {"--allow-origin", "https://app.example.com",
                                         "--allow-origin=http://10.0.0.7:3000", NULL};
    static const char *const star[] = {"--allow-origin", "*", NULL};
    const struct CMUnitTest tests[] = {
        wire_test(pages_of_this_machine_are_served),
        wire_test(pages_from_elsewhere_are_refused),
        wire_test(a_caller_that_is_not_a_web_page_is_served),
        wire_test(the_request_of_a_refused_page_has_no_effect),
        wire_test(the_origin_is_checked_before_the_signature),
        wire_test(an_error_is_readable_by_an_allowed_page),
        wire_test(a_refused_page_is_shown_in_the_request_log),
        wire_test(pages_of_another_site_displace_no_call_and_use_up_no_fault),
        wire_test(what_the_address_bar_and_other_ports_of_this_machine_send_is_served),
        wire_test(an_allowed_page_of_another_site_is_served),
        wire_test_with(a_star_serves_every_site, star),
        wire_test(a_host_that_no_page_can_have_is_served),
        wire_test(a_host_that_a_page_may_have_is_refused),
        wire_test(a_page_under_a_rebound_name_reads_nothing),
        wire_test(a_caller_that_is_not_a_web_page_may_post_to_any_host),
        wire_test(a_caller_without_a_host_header_is_served),
        wire_test_with(the_host_of_a_listed_origin_is_served, listed),
        wire_test_with(a_star_serves_every_host, star),
        wire_test(a_preflight_allows_the_headers_asked_for),
        wire_test(a_preflight_allows_every_method_of_the_api),
        wire_test(a_preflight_for_a_private_network_is_granted),
        wire_test(a_preflight_from_elsewhere_is_refused),
        wire_test_with(listed_origins_are_served, listed),
        wire_test_with(a_list_replaces_the_origins_of_this_machine, listed),
        wire_test_with(a_star_serves_every_origin, star),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
