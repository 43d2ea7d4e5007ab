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
        EMULATOR_TEST(an_arn_may_be_percent_encoded_in_the_path),
        EMULATOR_TEST(keys_that_differ_in_case_are_two_tags),
        EMULATOR_TEST(tagging_with_nothing_changes_nothing),
        EMULATOR_TEST(letters_numbers_and_spaces_of_any_script_are_taken),
        EMULATOR_TEST(other_characters_are_refused),
        EMULATOR_TEST(several_keys_are_untagged_in_one_call),
        EMULATOR_TEST(untagging_what_is_not_there_is_no_error),
        EMULATOR_TEST(untagging_needs_keys_in_the_query),
        EMULATOR_TEST(a_kind_of_resource_without_tags_is_refused),
        EMULATOR_TEST(what_is_no_arn_is_refused),
        EMULATOR_TEST(a_body_has_no_say_in_which_resource_is_tagged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
