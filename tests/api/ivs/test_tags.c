/*
 * TagResource, UntagResource, ListTagsForResource.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

/* `query` is "" or begins with a question mark. */
static struct reply call(struct emulator *emu, const char *method, const char *arn,
                         const char *query, const char *body)
{
    return emulator_request(emu, emu->settings.default_scope, method,
                            emulator_printf(emu, "/tags/%s%s", arn, query), body,
                            strlen(body));
}

static struct reply tag(struct emulator *emu, const char *arn, const char *tags)
{
    return call(emu, "POST", arn, "", emulator_printf(emu, "{\"tags\":%s}", tags));
}

static struct reply untag(struct emulator *emu, const char *arn, const char *query)
{
    return call(emu, "DELETE", arn, query, "");
}

/* The resource has exactly these tags, which are JSON. */
static void assert_tags(struct emulator *emu, const char *arn, const char *expected)
{
    struct reply reply = call(emu, "GET", arn, "", "");
    cJSON *tags = cJSON_Parse(expected);

    assert_success(reply, 200);
    assert_int_equal(cJSON_GetArraySize(reply.body), 1);
    assert_non_null(tags);
    assert_true(cJSON_Compare(reply_item(reply, "tags"), tags, true));
    cJSON_Delete(tags);
}

/* A JSON object of `count` tags whose keys are the prefix and a number. */
static const char *many(struct emulator *emu, const char *prefix, int count)
{
    const char *tags = "";

    for (int i = 0; i < count; i++)
        tags =
            emulator_printf(emu, "%s%s\"%s%d\":\"v\"", tags, i > 0 ? "," : "", prefix, i);
    return emulator_printf(emu, "{%s}", tags);
}

static void every_kind_of_resource_is_tagged_and_untagged(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    const char *const arns[] = {
        reply_string(made, "channel.arn"), reply_string(made, "streamKey.arn"),
        create_recording_configuration(emu, REGION, "demo-bucket")};

    for (size_t i = 0; i < COUNT_OF(arns); i++) {
        assert_tags(emu, arns[i], "{}");
        struct reply tagged = tag(emu, arns[i], "{\"a\":\"1\",\"b\":\"2\"}");
        assert_tags(emu, arns[i], "{\"a\":\"1\",\"b\":\"2\"}");
        struct reply untagged = untag(emu, arns[i], "?tagKeys=a");
        assert_tags(emu, arns[i], "{\"b\":\"2\"}");

        assert_success(tagged, 200);
        assert_int_equal(cJSON_GetArraySize(tagged.body), 0);
        assert_success(untagged, 200);
        assert_int_equal(cJSON_GetArraySize(untagged.body), 0);
    }
}

static void tags_show_where_the_resource_is_shown(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    const char *channel = reply_string(made, "channel.arn");
    const char *key = reply_string(made, "streamKey.arn");

    assert_success(tag(emu, channel, "{\"on\":\"channel\"}"), 200);
    assert_success(tag(emu, key, "{\"on\":\"key\"}"), 200);

    assert_string_equal(reply_string(emulator_call(emu, REGION, "GetChannel",
                                                   "{\"arn\":\"%s\"}", channel),
                                     "channel.tags.on"),
                        "channel");
    assert_string_equal(reply_string(emulator_call(emu, REGION, "ListChannels", "{}"),
                                     "channels.0.tags.on"),
                        "channel");
    assert_string_equal(
        reply_string(emulator_call(emu, REGION, "GetStreamKey", "{\"arn\":\"%s\"}", key),
                     "streamKey.tags.on"),
        "key");
}

static void an_arn_may_be_percent_encoded_in_the_path(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *id = strchr(arn, '/') + 1;
    const char *encoded = emulator_printf(
        emu, "arn%%3Aaws%%3Aivs%%3Aus-east-1%%3A000000000000%%3Achannel%%2F%s", id);

    assert_success(tag(emu, encoded, "{\"a\":\"1\"}"), 200);

    assert_tags(emu, arn, "{\"a\":\"1\"}");
}

static void new_tags_are_merged_over_the_old_ones(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    assert_success(tag(emu, arn, "{\"a\":\"1\",\"b\":\"2\"}"), 200);

    assert_success(tag(emu, arn, "{\"b\":\"3\",\"c\":\"\"}"), 200);

    assert_tags(emu, arn, "{\"a\":\"1\",\"b\":\"3\",\"c\":\"\"}");
}

static void keys_that_differ_in_case_are_two_tags(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    assert_success(tag(emu, arn, "{\"team\":\"1\",\"Team\":\"2\"}"), 200);
    assert_success(untag(emu, arn, "?tagKeys=team"), 200);

    assert_tags(emu, arn, "{\"Team\":\"2\"}");
}

static void tagging_with_nothing_changes_nothing(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    assert_success(tag(emu, arn, "{\"a\":\"1\"}"), 200);

    assert_success(tag(emu, arn, "{}"), 200);

    assert_tags(emu, arn, "{\"a\":\"1\"}");
}

static void a_resource_holds_fifty_tags(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    assert_success(tag(emu, arn, many(emu, "a", 30)), 200);
    assert_success(tag(emu, arn, many(emu, "b", 20)), 200);
    assert_success(tag(emu, arn, many(emu, "a", 30)), 200);
    struct reply over = tag(emu, arn, "{\"c\":\"1\"}");

    assert_error_says(over, 400, "ValidationException",
                      "TagResource.tags must leave the resource with at most 50 tags");
    assert_int_equal(reply_count(call(emu, "GET", arn, "", ""), "tags"), 50);
}

static void untagging_makes_room_again(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    assert_success(tag(emu, arn, many(emu, "a", 50)), 200);

    assert_success(untag(emu, arn, "?tagKeys=a0"), 200);

    assert_success(tag(emu, arn, "{\"c\":\"1\"}"), 200);
}

static void a_reserved_key_is_refused_in_any_case(void **state)
{
    static const char *const keys[] = {"aws:a", "AWS:a", "Aws:", "aWs:b"};
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct reply reply =
            tag(emu, arn, emulator_printf(emu, "{\"good\":\"1\",\"%s\":\"2\"}", keys[i]));
        assert_error_says(
            reply, 400, "ValidationException",
            emulator_printf(
                emu,
                "TagResource.tags key %s is reserved: it begins with aws:", keys[i]));
    }
    assert_tags(emu, arn, "{}");
}

static void letters_numbers_and_spaces_of_any_script_are_taken(void **state)
{
    static const char *const texts[] = {
        "a b",
        "_.:/=+-@",
        "caf\xc3\xa9",              /* an accented letter */
        "\xe6\x97\xa5\xe6\x9c\xac", /* ideographs */
        "\xe3\x80\x80",             /* the ideographic space */
        "\xe2\x85\xa7",             /* a Roman numeral */
        "\xf0\x9d\x90\x80",         /* a letter of four bytes */
        "\xd9\xa3",                 /* an Arabic digit */
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *arn = create_channel(emu, REGION, "lobby");
        const char *tags = emulator_printf(emu, "{\"%s\":\"%s\"}", texts[i], texts[i]);
        assert_success(tag(emu, arn, tags), 200);
        assert_tags(emu, arn, tags);
    }
}

static void other_characters_are_refused(void **state)
{
    static const char *const texts[] = {
        "a!",
        "a,b",
        "a\\tb",            /* a tab, escaped in JSON */
        "a\\u0001",         /* a control character */
        "a\xcc\x81",        /* a combining accent */
        "\xf0\x9f\x98\x80", /* an emoji */
        "\xe2\x82\xac",     /* a currency sign */
    };
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct reply key = tag(emu, arn, emulator_printf(emu, "{\"%s\":\"\"}", texts[i]));
        struct reply value =
            tag(emu, arn, emulator_printf(emu, "{\"k\":\"%s\"}", texts[i]));
        assert_error_says(key, 400, "ValidationException",
                          "TagResource.tags key does not match pattern "
                          "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)");
        assert_error_says(value, 400, "ValidationException",
                          "TagResource.tags.k does not match pattern "
                          "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)");
    }
}

static void several_keys_are_untagged_in_one_call(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    assert_success(tag(emu, arn, "{\"a\":\"1\",\"b c\":\"2\",\"d/e\":\"3\",\"f\":\"4\"}"),
                   200);

    assert_success(untag(emu, arn, "?tagKeys=a&tagKeys=b+c&tagKeys=d%2Fe"), 200);

    assert_tags(emu, arn, "{\"f\":\"4\"}");
}

static void untagging_what_is_not_there_is_no_error(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    assert_success(tag(emu, arn, "{\"a\":\"1\"}"), 200);

    assert_success(untag(emu, arn, "?tagKeys=x"), 200);
    assert_success(untag(emu, arn, "?tagKeys=a&tagKeys=a"), 200);
    assert_success(untag(emu, arn, "?tagKeys=a"), 200);

    assert_tags(emu, arn, "{}");
}

static void untagging_needs_keys_in_the_query(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply none = untag(emu, arn, "");
    struct reply body = call(emu, "DELETE", arn, "", "{\"tagKeys\":[\"a\"]}");
    struct reply empty = untag(emu, arn, "?tagKeys=");

    assert_error_says(none, 400, "ValidationException",
                      "UntagResource.tagKeys is a required attribute");
    assert_error_says(body, 400, "ValidationException",
                      "UntagResource.tagKeys is a required attribute");
    assert_error_says(empty, 400, "ValidationException",
                      "UntagResource.tagKeys[0] must have a length of between 1 and 128");
}

static void an_unknown_resource_is_not_found(void **state)
{
    static const char *const arns[] = {
        "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh",
        "arn:aws:ivs:us-east-1:000000000000:stream-key/abcdABCDefgh",
        "arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh",
        "arn:aws:ivs:us-east-1:000000000000:playback-key/abcdABCDefgh",
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(arns); i++) {
        const char *says = emulator_printf(emu, "Resource: %s not found", arns[i]);
        assert_error_says(call(emu, "GET", arns[i], "", ""), 404,
                          "ResourceNotFoundException", says);
        assert_error_says(tag(emu, arns[i], "{\"a\":\"1\"}"), 404,
                          "ResourceNotFoundException", says);
        assert_error_says(untag(emu, arns[i], "?tagKeys=a"), 404,
                          "ResourceNotFoundException", says);
    }
}

#define OF_NO_KIND ".resourceArn does not name a kind of resource that has tags"

static void a_kind_of_resource_without_tags_is_refused(void **state)
{
    static const char arn[] = "arn:aws:ivs:us-east-1:000000000000:nonsense/abcdABCDefgh";
    struct emulator *emu = *state;

    assert_error_says(call(emu, "GET", arn, "", ""), 400, "ValidationException",
                      "ListTagsForResource" OF_NO_KIND);
    assert_error_says(tag(emu, arn, "{\"a\":\"1\"}"), 400, "ValidationException",
                      "TagResource" OF_NO_KIND);
    assert_error_says(untag(emu, arn, "?tagKeys=a"), 400, "ValidationException",
                      "UntagResource" OF_NO_KIND);
}

static void what_is_no_arn_is_refused(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = call(emu, "GET", "lobby", "", "");

    assert_error_says(reply, 400, "ValidationException",
                      "ListTagsForResource.resourceArn does not match pattern "
                      "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+");
}

static void a_body_has_no_say_in_which_resource_is_tagged(void **state)
{
    struct emulator *emu = *state;
    const char *path = create_channel(emu, REGION, "path");
    const char *body = create_channel(emu, REGION, "body");

    assert_success(call(emu, "POST", path, "",
                        emulator_printf(emu,
                                        "{\"resourceArn\":\"%s\",\"resourceArn\":\"%s\","
                                        "\"resourceArn\":7,\"tags\":{\"a\":\"1\"}}",
                                        body, body)),
                   200);

    assert_tags(emu, path, "{\"a\":\"1\"}");
    assert_tags(emu, body, "{}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(every_kind_of_resource_is_tagged_and_untagged),
        EMULATOR_TEST(tags_show_where_the_resource_is_shown),
        EMULATOR_TEST(an_arn_may_be_percent_encoded_in_the_path),
        EMULATOR_TEST(new_tags_are_merged_over_the_old_ones),
        EMULATOR_TEST(keys_that_differ_in_case_are_two_tags),
        EMULATOR_TEST(tagging_with_nothing_changes_nothing),
        EMULATOR_TEST(a_resource_holds_fifty_tags),
        EMULATOR_TEST(untagging_makes_room_again),
        EMULATOR_TEST(a_reserved_key_is_refused_in_any_case),
        EMULATOR_TEST(letters_numbers_and_spaces_of_any_script_are_taken),
        EMULATOR_TEST(other_characters_are_refused),
        EMULATOR_TEST(several_keys_are_untagged_in_one_call),
        EMULATOR_TEST(untagging_what_is_not_there_is_no_error),
        EMULATOR_TEST(untagging_needs_keys_in_the_query),
        EMULATOR_TEST(an_unknown_resource_is_not_found),
        EMULATOR_TEST(a_kind_of_resource_without_tags_is_refused),
        EMULATOR_TEST(what_is_no_arn_is_refused),
        EMULATOR_TEST(a_body_has_no_say_in_which_resource_is_tagged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
