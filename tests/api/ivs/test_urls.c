/*
 * The URLs and host names in responses, both local and in the form of AWS.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-west-2"

static const char *id_of(struct reply channel)
{
    return strchr(reply_string(channel, "channel.arn"), '/') + 1;
}

static struct reply create(struct emulator *emu, const char *region)
{
    struct reply reply = emulator_call(emu, region, "CreateChannel", "{}");

    assert_success(reply, 200);
    return reply;
}

/* The part of a host name before its first dot. */
static const char *first_label(struct emulator *emu, const char *host)
{
    return emulator_printf(emu, "%.*s", (int)strcspn(host, "."), host);
}

static void local_urls_lead_back_to_the_host_that_was_called(void **state)
{
    static const struct {
        const char *host;
        const char *bare;
    } hosts[] = {
        {"localhost:4580",       "localhost"      },
        {"localhost",            "localhost"      },
        {"192.168.0.7:80",       "192.168.0.7"    },
        {"ivs.example.com:4580", "ivs.example.com"},
        {"[::1]:4580",           "[::1]"          },
        {"[fe80::1]",            "[fe80::1]"      },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        emulator_use_host(emu, hosts[i].host);
        struct reply reply = create(emu, REGION);

        assert_string_equal(
            reply_string(reply, "channel.playbackUrl"),
            emulator_printf(
                emu, "http://%s/api/video/v1/us-west-2.000000000000.channel.%s.m3u8",
                hosts[i].host, id_of(reply)));
        assert_string_equal(reply_string(reply, "channel.ingestEndpoint"), hosts[i].bare);
        assert_string_equal(reply_string(reply, "channel.srt.endpoint"), hosts[i].bare);
    }
}

static void a_local_url_is_of_the_host_of_each_call(void **state)
{
    struct emulator *emu = *state;
    struct reply made = create(emu, REGION);

    emulator_use_host(emu, "server:80");

    struct reply reply = emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}",
                                       reply_string(made, "channel.arn"));
    assert_string_equal(reply_string(made, "channel.ingestEndpoint"), "localhost");
    assert_string_equal(reply_string(reply, "channel.ingestEndpoint"), "server");
}

static void aws_urls_look_like_the_real_ones(void **state)
{
    struct emulator *emu = *state;
    emu->settings.aws_urls = true;

    struct reply reply = create(emu, REGION);

    const char *ingest = reply_string(reply, "channel.ingestEndpoint");
    const char *prefix = first_label(emu, ingest);
    assert_int_equal(strlen(prefix), 12);
    assert_int_equal(strspn(prefix, "0123456789abcdef"), 12);
    assert_string_equal(
        ingest, emulator_printf(emu, "%s.global-contribute.live-video.net", prefix));
    assert_string_equal(reply_string(reply, "channel.srt.endpoint"),
                        emulator_printf(emu, "%s.srt.live-video.net", prefix));
    assert_string_equal(
        reply_string(reply, "channel.playbackUrl"),
        emulator_printf(emu,
                        "https://%s.us-west-2.playback.live-video.net/api/video/v1/"
                        "us-west-2.000000000000.channel.%s.m3u8",
                        prefix, id_of(reply)));
}

static void the_aws_prefix_belongs_to_account_and_region(void **state)
{
    struct emulator *emu = *state;
    emu->settings.aws_urls = true;

    const char *one = reply_string(create(emu, REGION), "channel.ingestEndpoint");
    const char *same = reply_string(create(emu, REGION), "channel.ingestEndpoint");
    const char *other_region =
        reply_string(create(emu, "eu-west-1"), "channel.ingestEndpoint");
    const char *other_account = reply_string(
        emulator_call_as(emu, (struct scope){.account = "123456789012", .region = REGION},
                         "CreateChannel", "{}"),
        "channel.ingestEndpoint");

    assert_string_equal(one, same);
    assert_string_not_equal(one, other_region);
    assert_string_not_equal(one, other_account);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(local_urls_lead_back_to_the_host_that_was_called),
        EMULATOR_TEST(a_local_url_is_of_the_host_of_each_call),
        EMULATOR_TEST(aws_urls_look_like_the_real_ones),
        EMULATOR_TEST(the_aws_prefix_belongs_to_account_and_region),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
