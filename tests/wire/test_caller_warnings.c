/*
 * What the log says about callers that probably made a mistake.
 */
#include "support/wire.h"

#include <signal.h>
#include <string.h>

#include "support/cmocka_all.h"

#define NO_REGION "level=warn event=\"AWS does not have this region\" region="
#define NO_IVS "level=info event=\"Amazon IVS is not available in this region of AWS\""
#define WRONG_KEY "level=warn event=\"an access key of digits is an account only if"

/* Calls with this beginning of a credential; the call succeeds. */
static void call_as(struct wire *wire, struct http_client *client, const char *credential)
{
    const char *headers =
        wire_printf(wire,
                    "Authorization: AWS4-HMAC-SHA256 Credential=%s/ivs/aws4_request, "
                    "SignedHeaders=host, Signature=00\r\n",
                    credential);

    assert_success(http_call(client, "POST", "/ListChannels", headers, "{}").reply, 200);
}

/* The log of a server that was called with each of these credentials, twice. */
static const char *log_of_calls(struct wire *wire, const char *region,
                                const char *const *credentials, size_t count)
{
    struct program *program = wire_serve(wire, ":memory:", "--region", region);
    struct http_client *client = wire_connect_to(wire, program_port(program));

    for (size_t i = 0; i < 2 * count; i++)
        call_as(wire, client, credentials[i % count]);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
    return program_text(program, PROGRAM_ERR);
}

static int count_in(const char *text, const char *part)
{
    int count = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

static void a_region_that_aws_does_not_have_is_a_warning(void **state)
{
    static const char *const credentials[] = {"test/20260101/us-est-1",
                                              "test/20260101/nowhere"};

    const char *log =
        log_of_calls(*state, "us-east-1", credentials, COUNT_OF(credentials));

    assert_int_equal(count_in(log, NO_REGION "\"us-est-1\" nearest=us-east-1\n"), 1);
    assert_int_equal(count_in(log, NO_REGION "\"nowhere\"\n"), 1);
}

static void a_region_without_ivs_is_noted(void **state)
{
    static const char *const credentials[] = {"test/20260101/eu-north-1",
                                              "test/20260101/eu-west-1"};

    const char *log =
        log_of_calls(*state, "us-east-1", credentials, COUNT_OF(credentials));

    assert_int_equal(count_in(log, NO_IVS " region=eu-north-1\n"), 1);
    assert_int_equal(count_in(log, NO_IVS), 1);
    assert_null(strstr(log, NO_REGION));
}

static void the_default_region_is_checked_at_the_start(void **state)
{
    const char *log = log_of_calls(*state, "nowhere", NULL, 0);

    assert_int_equal(count_in(log, NO_REGION "\"nowhere\"\n"), 1);
}

static void a_key_with_a_wrong_number_of_digits_is_a_warning(void **state)
{
    static const char *const credentials[] = {
        "1234567890123/20260101/us-east-1", "123/20260101/us-east-1",
        "123456789012/20260101/us-east-1", "12345678901x/20260101/us-east-1",
        "test/20260101/us-east-1"};

    const char *log =
        log_of_calls(*state, "us-east-1", credentials, COUNT_OF(credentials));

    assert_int_equal(count_in(log, WRONG_KEY), 2);
    assert_int_equal(count_in(log, "key=\"1234567890123\"\n"), 1);
    assert_int_equal(count_in(log, "key=\"123\"\n"), 1);
}

static void the_number_of_warnings_is_limited(void **state)
{
    enum { REGIONS = 300, MOST = 128 };
    struct wire *wire = *state;
    const char *credentials[REGIONS];

    for (int i = 0; i < REGIONS; i++)
        credentials[i] = wire_printf(wire, "test/20260101/suite-%d", i);

    const char *log = log_of_calls(wire, "us-east-1", credentials, REGIONS);

    assert_in_range(count_in(log, NO_REGION), 1, MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(a_region_that_aws_does_not_have_is_a_warning),
        wire_test_without_server(a_region_without_ivs_is_noted),
        wire_test_without_server(the_default_region_is_checked_at_the_start),
        wire_test_without_server(a_key_with_a_wrong_number_of_digits_is_a_warning),
        wire_test_without_server(the_number_of_warnings_is_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
