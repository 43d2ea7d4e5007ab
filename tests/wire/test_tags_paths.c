/*
 * /tags/{resourceArn}: how the ARN and the tag keys stand in a URI.
 */
#include "support/wire.h"

#include <string.h>

#include "support/cmocka_all.h"

/* The target of the tags of an ARN, percent-encoded in the same way as in SDKs. */
static const char *encoded(struct wire *wire, const char *arn)
{
    const char *target = "/tags/";

    for (; *arn != '\0'; arn++)
        target = wire_printf(wire, *arn == ':' || *arn == '/' ? "%s%%%02X" : "%s%c",
                             target, *arn);
    return target;
}

static const char *raw(struct wire *wire, const char *arn)
{
    return wire_printf(wire, "/tags/%s", arn);
}

static void assert_untags(struct http_client *client, const char *target)
{
    struct http_answer answer = http_call(client, "DELETE", target, "", NULL);

    assert_success(answer.reply, 200);
    assert_string_equal(answer.body, "{}");
}

static struct http_answer list(struct http_client *client, const char *target)
{
    struct http_answer answer = http_call(client, "GET", target, "", NULL);

    assert_success(answer.reply, 200);
    return answer;
}

/* Creates a channel with these tags (JSON). Returns the target of its tags. */
static const char *tagged(struct wire *wire, struct http_client *client, const char *tags)
{
    const char *arn = wire_create_channel(wire, client, "lobby");
    struct http_answer answer =
        http_post(client, encoded(wire, arn), wire_printf(wire, "{\"tags\":%s}", tags));

    assert_success(answer.reply, 200);
    assert_string_equal(answer.body, "{}");
    return encoded(wire, arn);
}

static void an_arn_may_be_encoded(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"team\":\"video\"}");

    struct http_answer answer = list(client, target);

    assert_non_null(strstr(target, "channel%2F"));
    assert_string_equal(reply_string(answer.reply, "tags.team"), "video");
}

static void an_arn_may_be_raw(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = raw(wire, wire_create_channel(wire, client, "lobby"));

    struct http_answer tagging = http_post(client, target, "{\"tags\":{\"a\":\"1\"}}");
    struct http_answer listed = list(client, target);
    assert_untags(client, wire_printf(wire, "%s?tagKeys=a", target));

    assert_success(tagging.reply, 200);
    assert_string_equal(reply_string(listed.reply, "tags.a"), "1");
    assert_int_equal(reply_count(list(client, target).reply, "tags"), 0);
}

static void an_arn_may_be_encoded_in_lower_case_and_in_part(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "lobby");
    const char *slash = strchr(arn, '/');

    struct http_answer answer = list(
        client, wire_printf(wire, "/tags/arn%%3aaws%s%%2f%s",
                            wire_printf(wire, "%.*s", (int)(slash - arn - 7), arn + 7),
                            slash + 1));

    assert_int_equal(reply_count(answer.reply, "tags"), 0);
}

static void repeated_tag_keys_are_all_removed(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target =
        tagged(wire, client, "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\"}");

    assert_untags(client, wire_printf(wire, "%s?tagKeys=a&tagKeys=b&tagKeys=d", target));

    struct http_answer answer = list(client, target);
    assert_int_equal(reply_count(answer.reply, "tags"), 1);
    assert_string_equal(reply_string(answer.reply, "tags.c"), "3");
}

static void a_missing_key_is_not_an_error(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"a\":\"1\"}");

    assert_untags(client, wire_printf(wire, "%s?tagKeys=b", target));

    assert_int_equal(reply_count(list(client, target).reply, "tags"), 1);
}

static void a_plus_in_a_query_is_a_space(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"a b\":\"1\",\"a+b\":\"2\"}");

    assert_untags(client, wire_printf(wire, "%s?tagKeys=a+b", target));

    struct http_answer answer = list(client, target);
    assert_false(reply_has(answer.reply, "tags.a b"));
    assert_true(reply_has(answer.reply, "tags.a+b"));
}

static void an_encoded_plus_is_a_plus(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"a b\":\"1\",\"a+b\":\"2\"}");

    assert_untags(client, wire_printf(wire, "%s?tagKeys=a%%2Bb", target));

    struct http_answer answer = list(client, target);
    assert_true(reply_has(answer.reply, "tags.a b"));
    assert_false(reply_has(answer.reply, "tags.a+b"));
}

static void an_encoded_space_is_a_space(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"a b\":\"1\"}");

    assert_untags(client, wire_printf(wire, "%s?tagKeys=a%%20b", target));

    assert_int_equal(reply_count(list(client, target).reply, "tags"), 0);
}

static void keys_may_be_in_any_script(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(
        wire, client, "{\"\\u00e9quipe\":\"1\",\"\xe5\xae\xa2\xe6\x88\xb7\":\"2\"}");

    struct http_answer both = list(client, target);
    assert_untags(client, wire_printf(wire, "%s?tagKeys=%%C3%%A9quipe", target));
    struct http_answer one = list(client, target);
    assert_untags(client,
                  wire_printf(wire, "%s?tagKeys=%%e5%%ae%%a2%%e6%%88%%b7", target));

    assert_string_equal(reply_string(both.reply, "tags.\xc3\xa9quipe"), "1");
    assert_int_equal(reply_count(one.reply, "tags"), 1);
    assert_true(reply_has(one.reply, "tags.\xe5\xae\xa2\xe6\x88\xb7"));
    assert_int_equal(reply_count(list(client, target).reply, "tags"), 0);
}

static void a_key_may_have_separators_of_a_query(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"a=b/c:d@e\":\"1\",\"a\":\"2\"}");

    assert_untags(client, wire_printf(wire, "%s?tagKeys=a=b/c:d@e", target));

    struct http_answer answer = list(client, target);
    assert_int_equal(reply_count(answer.reply, "tags"), 1);
    assert_true(reply_has(answer.reply, "tags.a"));
}

static void missing_tag_keys_are_named(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"a\":\"1\"}");

    struct http_answer none = http_call(client, "DELETE", target, "", NULL);
    struct http_answer other =
        http_call(client, "DELETE", wire_printf(wire, "%s?tagkeys=a", target), "", NULL);

    assert_error_answer(&none, 400, "ValidationException");
    assert_string_equal(none.reply.message,
                        "UntagResource.tagKeys is a required attribute");
    assert_error_answer(&other, 400, "ValidationException");
    assert_int_equal(reply_count(list(client, target).reply, "tags"), 1);
}

static void an_empty_tag_key_is_refused(void **state)
{
    static const char *const queries[] = {"tagKeys=", "tagKeys", "tagKeys=a&tagKeys="};
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"a\":\"1\"}");

    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        struct http_answer answer = http_call(
            client, "DELETE", wire_printf(wire, "%s?%s", target, queries[i]), "", NULL);
        assert_error_answer(&answer, 400, "ValidationException");
    }

    assert_int_equal(reply_count(list(client, target).reply, "tags"), 1);
}

static void tag_keys_in_the_body_are_ignored(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{\"a\":\"1\"}");

    struct http_answer answer =
        http_call(client, "DELETE", target, "", "{\"tagKeys\":[\"a\"]}");

    assert_error_answer(&answer, 400, "ValidationException");
    assert_int_equal(reply_count(list(client, target).reply, "tags"), 1);
}

static void an_arn_in_the_body_is_ignored(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *target = tagged(wire, client, "{}");
    const char *other = wire_create_channel(wire, client, "other");

    struct http_answer answer = http_post(
        client, target,
        wire_printf(wire, "{\"resourceArn\":\"%s\",\"tags\":{\"a\":\"1\"}}", other));

    assert_success(answer.reply, 200);
    assert_int_equal(reply_count(list(client, target).reply, "tags"), 1);
    assert_int_equal(reply_count(list(client, encoded(wire, other)).reply, "tags"), 0);
}

static void an_arn_of_a_missing_resource_is_not_found(void **state)
{
    static const char arn[] = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh";
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    struct http_answer answer = http_call(client, "GET", encoded(wire, arn), "", NULL);

    assert_error_answer(&answer, 404, "ResourceNotFoundException");
    assert_string_equal(answer.reply.message,
                        wire_printf(wire, "Resource: %s not found", arn));
}

static void a_label_that_is_not_an_arn_is_refused(void **state)
{
    static const char *const labels[] = {"x",   "arn",   "arn:aws:ivs",
                                         "%20", "a/b/c", "arn:aws:s3:::bucket"};
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        struct http_answer answer =
            http_call(client, "GET", wire_printf(wire, "/tags/%s", labels[i]), "", NULL);
        assert_error_answer(&answer, 400, "ValidationException");
    }
}

static void an_empty_label_is_an_error(void **state)
{
    static const char *const targets[] = {"/tags/", "/tags", "/tags?tagKeys=a",
                                          "/tags/?tagKeys=a"};
    struct http_client *client = wire_connect(*state);

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_answer answer = http_call(client, "DELETE", targets[i], "", NULL);
        if (answer.reply.status == 404)
            assert_error_answer(&answer, 404, "UnknownOperationException");
        else
            assert_error_answer(&answer, 400, "ValidationException");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(an_arn_may_be_encoded),
        wire_test(an_arn_may_be_raw),
        wire_test(an_arn_may_be_encoded_in_lower_case_and_in_part),
        wire_test(repeated_tag_keys_are_all_removed),
        wire_test(a_missing_key_is_not_an_error),
        wire_test(a_plus_in_a_query_is_a_space),
        wire_test(an_encoded_plus_is_a_plus),
        wire_test(an_encoded_space_is_a_space),
        wire_test(keys_may_be_in_any_script),
        wire_test(a_key_may_have_separators_of_a_query),
        wire_test(missing_tag_keys_are_named),
        wire_test(an_empty_tag_key_is_refused),
        wire_test(tag_keys_in_the_body_are_ignored),
        wire_test(an_arn_in_the_body_is_ignored),
        wire_test(an_arn_of_a_missing_resource_is_not_found),
        wire_test(a_label_that_is_not_an_arn_is_refused),
        wire_test(an_empty_label_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
