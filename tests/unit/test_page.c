/*
 * Page tokens, through the list operations: what a token is valid for.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

static const struct scope home = {.account = "000000000000", .region = REGION};

/* The token of the first page of one channel. */
static const char *token(struct emulator *emu)
{
    create_channel(emu, REGION, "a");
    create_channel(emu, REGION, "a");
    return reply_string(emulator_call(emu, REGION, "ListChannels", "{\"maxResults\":1}"),
                        "nextToken");
}

static struct reply use(struct emulator *emu, struct scope scope, const char *operation,
                        const char *text, const char *members)
{
    return emulator_call_as(emu, scope, operation, "{\"nextToken\":\"%s\"%s}", text,
                            members);
}

static void assert_refused(struct reply reply, const char *message)
{
    assert_error_says(reply, 400, "ValidationException", message);
}

static const char refusal[] = "ListChannels.nextToken is not valid for this list";

static void a_token_opens_the_list_it_was_made_for(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = use(emu, home, "ListChannels", token(emu), "");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "channels"), 1);
}

static void a_token_works_more_than_once(void **state)
{
    struct emulator *emu = *state;
    const char *text = token(emu);

    struct reply first = use(emu, home, "ListChannels", text, "");
    struct reply second = use(emu, home, "ListChannels", text, "");

    assert_true(cJSON_Compare(first.body, second.body, true));
}

static void a_token_has_only_characters_the_model_allows(void **state)
{
    struct emulator *emu = *state;

    const char *text = token(emu);

    assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789+/=_-"),
                     strlen(text));
}

static void a_token_is_refused_with_another_filter(void **state)
{
    struct emulator *emu = *state;
    const char *text = token(emu);

    assert_refused(use(emu, home, "ListChannels", text, ",\"filterByName\":\"a\""),
                   refusal);
    assert_refused(
        use(emu, home, "ListChannels", text,
            ",\"filterByAdConfigurationArn\":"
            "\"arn:aws:ivs:us-east-1:000000000000:ad-configuration/abcdABCDefgh\""),
        refusal);
}

static void a_token_of_a_filter_is_refused_without_it(void **state)
{
    struct emulator *emu = *state;
    token(emu);
    struct reply page = emulator_call(emu, REGION, "ListChannels",
                                      "{\"maxResults\":1,\"filterByName\":\"a\"}");
    const char *text = reply_string(page, "nextToken");

    assert_refused(use(emu, home, "ListChannels", text, ""), refusal);
    assert_refused(use(emu, home, "ListChannels", text, ",\"filterByName\":\"b\""),
                   refusal);
}

static void a_token_is_refused_by_another_operation(void **state)
{
    struct emulator *emu = *state;
    const char *text = token(emu);

    assert_refused(use(emu, home, "ListRecordingConfigurations", text, ""),
                   "ListRecordingConfigurations.nextToken is not valid for this list");
    assert_refused(use(emu, home, "ListRequests", text, ""),
                   "ListRequests.nextToken is not valid for this list");
}

static void a_token_is_refused_in_another_account_or_region(void **state)
{
    struct emulator *emu = *state;
    const char *text = token(emu);

    assert_refused(use(emu,
                       (struct scope){.account = home.account, .region = "eu-west-1"},
                       "ListChannels", text, ""),
                   refusal);
    assert_refused(use(emu, (struct scope){.account = "123456789012", .region = REGION},
                       "ListChannels", text, ""),
                   refusal);
}

static void a_token_with_one_character_changed_is_refused(void **state)
{
    struct emulator *emu = *state;
    const char *text = token(emu);

    for (size_t i = 0; i < strlen(text); i++) {
        char *changed = emulator_printf(emu, "%s", text);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_refused(use(emu, home, "ListChannels", changed, ""), refusal);
    }
}

static void garbage_is_refused(void **state)
{
    static const char *const garbage[] = {"a", "0", "AAAAAAAAAAAAAAAAAAAAAA",
                                          "====", "-1"};
    struct emulator *emu = *state;
    const char *text = token(emu);

    for (size_t i = 0; i < COUNT_OF(garbage); i++)
        assert_refused(use(emu, home, "ListChannels", garbage[i], ""), refusal);
    assert_refused(use(emu, home, "ListChannels", emulator_printf(emu, "%sA", text), ""),
                   refusal);
    assert_refused(use(emu, home, "ListChannels", emulator_printf(emu, "%s=", text), ""),
                   refusal);
    assert_refused(use(emu, home, "ListChannels", text + 1, ""), refusal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_token_opens_the_list_it_was_made_for),
        EMULATOR_TEST(a_token_works_more_than_once),
        EMULATOR_TEST(a_token_has_only_characters_the_model_allows),
        EMULATOR_TEST(a_token_is_refused_with_another_filter),
        EMULATOR_TEST(a_token_of_a_filter_is_refused_without_it),
        EMULATOR_TEST(a_token_is_refused_by_another_operation),
        EMULATOR_TEST(a_token_is_refused_in_another_account_or_region),
        EMULATOR_TEST(a_token_with_one_character_changed_is_refused),
        EMULATOR_TEST(garbage_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
