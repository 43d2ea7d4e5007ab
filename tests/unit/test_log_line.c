/*
 * The three forms of a line of the log.
 */
#include "../../src/base/log_line_internal.h"

#include "base/json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define AT                                                                               \
    {                                                                                    \
        .tv_sec = 1709210096, .tv_nsec = 7000000                                         \
    }

static const char call_values[] =
    "service=ivs operation=CreateChannel status=400 error=ValidationException "
    "message=\"name does not match\" account=\"012345678901\" region=\"us-west-2\" "
    "us=412";

static int setup(void **state)
{
    (void)state;
    setenv("TZ", "UTC0", 1);
    return 0;
}

/* The line without its end; it lives until the next call. */
static const char *shown(struct log_out *out)
{
    assert_true(out->used > 0 && out->used < sizeof(out->bytes));
    assert_int_equal(out->bytes[out->used - 1], '\n');
    out->bytes[out->used - 1] = '\0';
    return out->bytes;
}

static const char *text_of(enum log_level level, const char *event, const char *values)
{
    static struct log_out out;
    const struct log_line line = {AT, level, event, values, "a-b"};

    log_line_text(&line, false, &out);
    return shown(&out);
}

static const char *colored(enum log_level level, const char *event, const char *values)
{
    static struct log_out out;
    const struct log_line line = {AT, level, event, values, NULL};

    log_line_text(&line, true, &out);
    return shown(&out);
}

static const char *json_of(const char *event, const char *values)
{
    static struct log_out out;
    const struct log_line line = {AT, LOG_INFO, event, values, "a-b"};

    log_line_json(&line, &out);
    return shown(&out);
}

static void logfmt_has_every_pair(void **state)
{
    static struct log_out out;
    const struct log_line line = {AT, LOG_WARN, "disk full", "path=\"/a b\" n=3", "a-b"};
    const struct log_line bare = {AT, LOG_INFO, "stopping", "", NULL};

    (void)state;
    log_line_logfmt(&line, &out);
    assert_string_equal(shown(&out),
                        "time=2024-02-29T12:34:56.007Z level=warn event=\"disk full\" "
                        "path=\"/a b\" n=3 request=a-b");
    log_line_logfmt(&bare, &out);
    assert_string_equal(shown(&out),
                        "time=2024-02-29T12:34:56.007Z level=info event=\"stopping\"");
}

static void json_has_numbers_truths_and_strings(void **state)
{
    (void)state;
    assert_string_equal(
        json_of("delivered", "a=1 b=-0.5 c=007 d=\"8\" e=true f=\"true\" g=x h= i"),
        "{\"time\":\"2024-02-29T12:34:56.007Z\",\"level\":\"info\","
        "\"event\":\"delivered\",\"request\":\"a-b\",\"a\":1,\"b\":-0.5,\"c\":\"007\","
        "\"d\":\"8\",\"e\":true,\"f\":\"true\",\"g\":\"x\",\"h\":\"\",\"i\":\"\"}");
    assert_string_equal(json_of("x", "a=1234567890123456 b=1. c=.5 d=- e=1e3"),
                        "{\"time\":\"2024-02-29T12:34:56.007Z\",\"level\":\"info\","
                        "\"event\":\"x\",\"request\":\"a-b\",\"a\":\"1234567890123456\","
                        "\"b\":\"1.\",\"c\":\".5\",\"d\":\"-\",\"e\":\"1e3\"}");
}

/* What log_quoted() makes of the value, in the pair `value`. */
static const char *pair_of(const char *value)
{
    static char pair[LOG_QUOTED_BYTES + sizeof("value=")];
    char quoted[LOG_QUOTED_BYTES];

    snprintf(pair, sizeof(pair), "value=%s", log_quoted(value, quoted));
    return pair;
}

static void json_gives_back_any_text(void **state)
{
    static const char *const texts[] = {
        "",
        "a=b c",
        "\"",
        "\\",
        "\\\"",
        "\\x41",
        "a\nb\tc\x01",
        "\x1b[31m\x7f",
        "Z\xc3\xbcrich",
        "\xe2\x82\xac \xf0\x9f\x8e\xa5",
        "{\"a\":1}",
        "' $(x) `y`",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *why = NULL;
        const char *json = json_of("x", pair_of(texts[i]));
        cJSON *tree = json_read(json, strlen(json), &why);
        if (tree == NULL)
            fail_msg("%s: %s", json, why);
        assert_string_equal(json_string_or(tree, "value", NULL), texts[i]);
        cJSON_Delete(tree);
    }
}

static void json_is_valid_whatever_the_bytes_are(void **state)
{
    static const char *const hostile[] = {
        "value=\"\xff\xfe\"",
        "value=\"\\xff\\xc3\"",
        "value=\xc3",
        "\xff\xff=\xff",
        "value=\"never ends",
        "value=\"ends in a \\",
        "a=\"b\"c\"d\" e",
        "= == \"=\" =\"",
        "value=\"\\xed\\xa0\\x80\"",
        "value=\"\\xzz \\x4\"",
        "\"\n\x01",
        "a=\x1b[2J",
        "value=\"\\xf4\\x90\\x80\\x80\"",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        const char *why = NULL;
        const char *json = json_of("x", hostile[i]);
        cJSON *tree = json_read(json, strlen(json), &why);
        if (tree == NULL)
            fail_msg("%s: %s", json, why);
        cJSON_Delete(tree);
        assert_null(strpbrk(json, "\n\x1b\x01"));
    }
}

static void a_line_of_any_length_is_whole(void **state)
{
    static const char *const fillings[] = {"a", "\\x01", "\\xff", " k=1", "\\\""};
    char values[LOG_VALUES_BYTES];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(fillings); i++) {
        const char *why = NULL;
        size_t used = strlen("value=\"");
        memcpy(values, "value=\"", used + 1);
        if (fillings[i][0] == ' ')
            used = 0;
        for (size_t length = strlen(fillings[i]); used + length < sizeof(values);
             used += length)
            memcpy(values + used, fillings[i], length + 1);
        const char *json = json_of("x", values);
        cJSON *tree = json_read(json, strlen(json), &why);
        if (tree == NULL)
            fail_msg("%s: %s", json, why);
        cJSON_Delete(tree);
        assert_true(strlen(text_of(LOG_INFO, "x", values)) > 100);
        assert_true(strlen(colored(LOG_WARN, LOG_CALL, values)) > 10);
    }
}

static void the_text_of_a_call_is_a_sentence(void **state)
{
    (void)state;
    assert_string_equal(
        text_of(LOG_INFO, LOG_CALL, call_values),
        "12:34:56 CreateChannel 400 ValidationException: name does not match  "
        "012345678901/us-west-2  0.4 ms");
    assert_string_equal(
        text_of(LOG_INFO, LOG_CALL,
                "service=ivs operation=GetChannel status=0 fault=abc account=\"1\" "
                "region=\"eu-west-1\" us=1500250"),
        "12:34:56 GetChannel no response  fault=abc  1/eu-west-1  1500.2 ms");
    assert_string_equal(text_of(LOG_INFO, LOG_CALL,
                                "method=POST path=\"/a b\" status=404 "
                                "error=UnknownOperationException message=\"No\" us=9"),
                        "12:34:56 POST /a b 404 UnknownOperationException: No  0.0 ms");
}

static void the_text_of_an_event_names_its_values(void **state)
{
    (void)state;
    assert_string_equal(text_of(LOG_INFO, "stream started",
                                "channel=\"lobby\" arn=\"arn:x\" account=\"1\" "
                                "region=\"eu-west-1\""),
                        "12:34:56 stream started  channel=lobby arn=arn:x  1/eu-west-1");
    assert_string_equal(
        text_of(LOG_WARN, "page refused", "origin=\"\" to_allow=\"--x y\" n=1"),
        "12:34:56 warning: page refused  origin=\"\" to_allow=\"--x y\" n=1  "
        "request=a-b");
    assert_string_equal(text_of(LOG_ERROR, "SQL failed", "code=13"),
                        "12:34:56 error: SQL failed  code=13  request=a-b");
    assert_string_equal(text_of(LOG_DEBUG, "http", ""), "12:34:56 debug: http");
}

static void text_shows_letters_but_no_controls(void **state)
{
    (void)state;
    assert_string_equal(text_of(LOG_INFO, "x", pair_of("Z\xc3\xbcrich \xf0\x9f\x8e\xa5")),
                        "12:34:56 x  value=\"Z\xc3\xbcrich \xf0\x9f\x8e\xa5\"");
    assert_string_equal(text_of(LOG_INFO, "x", pair_of("\x1b[31m\n\r\x7f")),
                        "12:34:56 x  value=\\x1b[31m\\x0a\\x0d\\x7f");
    assert_string_equal(text_of(LOG_INFO, "x",
                                pair_of("\xc2\x9b"
                                        "31m\xff\xc3")),
                        "12:34:56 x  value=\\xc2\\x9b31m\\xff\\xc3");
    assert_string_equal(
        /* As meant: NOLINTNEXTLINE(misc-misleading-bidirectional) */
        text_of(LOG_INFO, "x", pair_of("\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8")),
        "12:34:56 x  value=\\xe2\\x80\\xae\\xe2\\x81\\xa6\\xe2\\x80\\xa8");
    assert_null(
        strchr(text_of(LOG_INFO, LOG_CALL, "path=\x1b status=\x1b error=\x1b"), 27));
}

static void colors_are_switched_off_again(void **state)
{
    (void)state;
    assert_string_equal(
        colored(LOG_INFO, LOG_CALL, "operation=A status=200 us=1000"),
        "\x1b[2m12:34:56 \x1b[0mA \x1b[32m200\x1b[0m\x1b[2m  1.0 ms\x1b[0m");
    assert_non_null(
        strstr(colored(LOG_INFO, LOG_CALL, call_values), "\x1b[33m400\x1b[0m"));
    assert_non_null(strstr(colored(LOG_INFO, LOG_CALL, "operation=A status=500"),
                           "\x1b[31m500\x1b[0m"));
    assert_non_null(strstr(colored(LOG_WARN, "x", ""), "\x1b[33mwarning: \x1b[0m"));
    assert_null(strchr(text_of(LOG_WARN, LOG_CALL, call_values), 27));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logfmt_has_every_pair),
        cmocka_unit_test(json_has_numbers_truths_and_strings),
        cmocka_unit_test(json_gives_back_any_text),
        cmocka_unit_test(json_is_valid_whatever_the_bytes_are),
        cmocka_unit_test(a_line_of_any_length_is_whole),
        cmocka_unit_test(the_text_of_a_call_is_a_sentence),
        cmocka_unit_test(the_text_of_an_event_names_its_values),
        cmocka_unit_test(text_shows_letters_but_no_controls),
        cmocka_unit_test(colors_are_switched_off_again),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
