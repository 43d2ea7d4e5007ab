/*
 * URLs in responses: they have the host name that the caller used.
 */
#include "support/wire.h"

#include <string.h>

#include "support/cmocka_all.h"

/* The response to CreateChannel for a caller that sends this Host line, or none. */
static struct http_answer create_for(struct wire *wire, const char *host_line)
{
    struct http_client *client = wire_connect(wire);

    assert_true(http_send_text(client, wire_printf(wire,
                                                   "POST /CreateChannel HTTP/1.0\r\n%s"
                                                   "Content-Length: 2\r\n\r\n{}",
                                                   host_line)));
    return http_expect(client);
}

static void assert_urls(struct wire *wire, const char *host_line, const char *host,
                        const char *bare_host)
{
    struct http_answer answer = create_for(wire, host_line);

    assert_success(answer.reply, 200);
    const char *id = strrchr(reply_string(answer.reply, "channel.arn"), '/') + 1;
    assert_string_equal(
        reply_string(answer.reply, "channel.playbackUrl"),
        wire_printf(wire, "http://%s/api/video/v1/us-east-1.000000000000.channel.%s.m3u8",
                    host, id));
    assert_string_equal(reply_string(answer.reply, "channel.ingestEndpoint"), bare_host);
    assert_string_equal(reply_string(answer.reply, "channel.srt.endpoint"), bare_host);
}

static void urls_have_the_name_and_port_the_caller_used(void **state)
{
    assert_urls(*state, "Host: ivs.test:4580\r\n", "ivs.test:4580", "ivs.test");
}

static void urls_have_the_port_of_the_connection_if_the_caller_named_none(void **state)
{
    struct wire *wire = *state;

    assert_urls(wire, "Host: my-laptop.local\r\n",
                wire_printf(wire, "my-laptop.local:%d", wire_port(wire)),
                "my-laptop.local");
    assert_urls(wire, "Host: [::1]\r\n", wire_printf(wire, "[::1]:%d", wire_port(wire)),
                "[::1]");
}

static void urls_may_have_an_address(void **state)
{
    assert_urls(*state, "Host: 192.168.0.7:80\r\n", "192.168.0.7:80", "192.168.0.7");
}

static void urls_may_have_an_ipv6_address(void **state)
{
    assert_urls(*state, "Host: [fd00::7]:4580\r\n", "[fd00::7]:4580", "[fd00::7]");
}

static void urls_fall_back_to_the_address_of_the_server(void **state)
{
    struct wire *wire = *state;

    assert_urls(wire, "", wire_printf(wire, "127.0.0.1:%d", wire_port(wire)),
                "127.0.0.1");
}

static void an_invalid_host_is_not_used_in_urls(void **state)
{
    static const char *const hosts[] = {
        "",          "a b",         "a/b",         "a/../b",
        "user@host", "<script>",    "a\"b",        "a?b",
        "a#b",       "a%20b",       "h\xc3\xb6st", "a,b",
        "a\\b",      "a;b",         "[::1",        "::1]",
        "]",         "[",           ":",           ":4580",
        "a:b",       "localhost:x", "a:1:2",       "[]",
        "[::1]4580", "[localhost]", "a[::1]b",     "localhost:999999",
    };
    struct wire *wire = *state;
    const char *fallback = wire_printf(wire, "http://127.0.0.1:%d/api/", wire_port(wire));
    int wrong = 0;

    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        struct http_answer answer =
            create_for(wire, wire_printf(wire, "Host: %s\r\n", hosts[i]));
        assert_success(answer.reply, 200);
        const char *url = reply_string(answer.reply, "channel.playbackUrl");
        if (strncmp(url, fallback, strlen(fallback)) != 0) {
            print_message("Host: %s gives %s\n", hosts[i], url);
            wrong++;
        }
    }

    assert_int_equal(wrong, 0);
}

static void a_very_long_host_is_not_used_in_urls(void **state)
{
    struct wire *wire = *state;
    char host[1001];

    memset(host, 'a', sizeof(host) - 1);
    host[sizeof(host) - 1] = '\0';

    assert_urls(wire, wire_printf(wire, "Host: %s\r\n", host),
                wire_printf(wire, "127.0.0.1:%d", wire_port(wire)), "127.0.0.1");
}

static void the_host_of_an_absolute_target_replaces_the_header(void **state)
{
    static const char *const targets[] = {"http://ivs.test:4580/CreateChannel",
                                          "HTTPS://ivs.test:4580/CreateChannel?a=b"};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_answer answer =
            http_call(wire_connect(wire), "POST", targets[i], "", "{}");
        assert_success(answer.reply, 200);
        const char *url = reply_string(answer.reply, "channel.playbackUrl");
        assert_memory_equal(url, "http://ivs.test:4580/",
                            strlen("http://ivs.test:4580/"));
    }
}

static void the_host_of_an_absolute_target_needs_no_header_in_http_1_0(void **state)
{
    struct http_client *client = wire_connect(*state);

    assert_true(http_send_text(client,
                               "POST http://ivs.us-west-2.amazonaws.com:80/CreateChannel "
                               "HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}"));
    struct http_answer answer = http_expect(client);

    assert_success(answer.reply, 200);
    assert_string_equal(reply_string(answer.reply, "channel.ingestEndpoint"),
                        "ivs.us-west-2.amazonaws.com");
}

static void urls_can_look_like_the_real_ones(void **state)
{
    struct wire *wire = *state;

    struct http_answer answer = create_for(wire, "Host: localhost:4580\r\n");

    assert_success(answer.reply, 200);
    const char *id = strrchr(reply_string(answer.reply, "channel.arn"), '/') + 1;
    const char *ingest = reply_string(answer.reply, "channel.ingestEndpoint");
    assert_int_equal(strspn(ingest, "0123456789abcdef"), 12);
    assert_string_equal(ingest + 12, ".global-contribute.live-video.net");
    assert_string_equal(
        reply_string(answer.reply, "channel.playbackUrl"),
        wire_printf(wire,
                    "https://%.12s.us-east-1.playback.live-video.net/api/video/v1/"
                    "us-east-1.000000000000.channel.%s.m3u8",
                    ingest, id));
    assert_string_equal(reply_string(answer.reply, "channel.srt.endpoint"),
                        wire_printf(wire, "%.12s.srt.live-video.net", ingest));
}

int main(void)
{
    static const char *const aws[] = {"--urls", "aws", NULL};
    const struct CMUnitTest tests[] = {
        wire_test(urls_have_the_name_and_port_the_caller_used),
        wire_test(urls_have_the_port_of_the_connection_if_the_caller_named_none),
        wire_test(urls_may_have_an_address),
        wire_test(urls_may_have_an_ipv6_address),
        wire_test(urls_fall_back_to_the_address_of_the_server),
        wire_test(an_invalid_host_is_not_used_in_urls),
        wire_test(the_host_of_an_absolute_target_replaces_the_header),
        wire_test(the_host_of_an_absolute_target_needs_no_header_in_http_1_0),
        wire_test(a_very_long_host_is_not_used_in_urls),
        wire_test_with(urls_can_look_like_the_real_ones, aws),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
