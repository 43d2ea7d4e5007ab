/*
 * Playback restriction policies: countries and origins, their limits, partial updates.
 * What a channel has to do with them is in test_channel_references.c.
 */
#include "support/playback.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define ARN_START "arn:aws:ivs:us-east-1:000000000000:playback-restriction-policy/"
#define POLICY "playbackRestrictionPolicy"

static struct reply create_with(struct emulator *emu, const char *member,
                                const char *value)
{
    return emulator_call(emu, REGION, "CreatePlaybackRestrictionPolicy", "{\"%s\":%s}",
                         member, value);
}

static void an_empty_policy_has_its_defaults(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, REGION, "CreatePlaybackRestrictionPolicy", "{}");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, POLICY ".allowedCountries"), 0);
    assert_int_equal(reply_count(reply, POLICY ".allowedOrigins"), 0);
    assert_false(reply_bool(reply, POLICY ".enableStrictOriginEnforcement"));
    assert_string_equal(reply_string(reply, POLICY ".name"), "");
    assert_int_equal(reply_count(reply, POLICY ".tags"), 0);
    const char *arn = reply_string(reply, POLICY ".arn");
    assert_memory_equal(arn, ARN_START, strlen(ARN_START));
    assert_int_equal(strlen(arn), strlen(ARN_START) + 12);
}

/* A policy with every member given. */
static struct reply create_full(struct emulator *emu)
{
    struct reply reply = emulator_call(
        emu, REGION, "CreatePlaybackRestrictionPolicy",
        "{\"allowedCountries\":[\"US\",\"MX\"],"
        "\"allowedOrigins\":[\"https://www.example.com\"],"
        "\"enableStrictOriginEnforcement\":true,\"name\":\"p1\",\"tags\":{\"a\":\"b\"}}");

    assert_success(reply, 200);
    return reply;
}

static void create_answers_what_it_was_given(void **state)
{
    struct reply reply = create_full(*state);

    assert_int_equal(reply_count(reply, POLICY ".allowedCountries"), 2);
    assert_string_equal(reply_string(reply, POLICY ".allowedCountries.0"), "US");
    assert_string_equal(reply_string(reply, POLICY ".allowedCountries.1"), "MX");
    assert_int_equal(reply_count(reply, POLICY ".allowedOrigins"), 1);
    assert_string_equal(reply_string(reply, POLICY ".allowedOrigins.0"),
                        "https://www.example.com");
    assert_true(reply_bool(reply, POLICY ".enableStrictOriginEnforcement"));
    assert_string_equal(reply_string(reply, POLICY ".name"), "p1");
    assert_string_equal(reply_string(reply, POLICY ".tags.a"), "b");
}

static void get_answers_what_create_answered(void **state)
{
    struct emulator *emu = *state;
    struct reply created = create_full(emu);

    struct reply reply = call_arn(emu, REGION, "GetPlaybackRestrictionPolicy",
                                  reply_string(created, POLICY ".arn"));

    assert_success(reply, 200);
    assert_true(cJSON_Compare(reply.body, created.body, true));
}

/* The assigned codes, as the ISO publishes them, with a space behind each. */
static const char assigned[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM "
    "BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX "
    "CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG "
    "GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV "
    "LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE "
    "NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO "
    "RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF "
    "WS YE YT ZA ZM ZW ";

enum { ASSIGNED_COUNT = (sizeof(assigned) - 1) / 3 };

/* The first of the assigned codes, as a JSON list. */
static const char *codes_json(struct emulator *emu, int count)
{
    const char *codes = "";

    for (int i = 0; i < count; i++)
        codes = emulator_printf(emu, "%s%s\"%.2s\"", codes, i > 0 ? "," : "",
                                assigned + (size_t)3 * i);
    return emulator_printf(emu, "[%s]", codes);
}

static void of_all_pairs_of_letters_the_assigned_ones_are_taken(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_playback_restriction_policy(emu, REGION, "p1");
    int taken = 0;

    for (int i = 0; i < 26 * 26; i++) {
        char code[] = {(char)('A' + i / 26), (char)('A' + i % 26), ' ', '\0'};
        struct reply reply =
            emulator_call(emu, REGION, "UpdatePlaybackRestrictionPolicy",
                          "{\"arn\":\"%s\",\"allowedCountries\":[\"%.2s\"]}", arn, code);
        assert_int_equal(reply.error == NULL, strstr(assigned, code) != NULL);
        taken += reply.error == NULL;
    }
    assert_int_equal(taken, ASSIGNED_COUNT);
}

static void what_is_no_country_code_is_refused(void **state)
{
    static const char *const codes[] = {"XX", "UK", "EU", "us",
                                        "Us", "U1", "A ", "\\n\\n"};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct reply reply = create_with(
            emu, "allowedCountries", emulator_printf(emu, "[\"US\",\"%s\"]", codes[i]));
        assert_error_says(reply, 400, "ValidationException",
                          "CreatePlaybackRestrictionPolicy.allowedCountries[1] must be "
                          "an officially assigned ISO 3166-1 alpha-2 code");
    }
}

static void a_policy_takes_200_countries_and_no_more(void **state)
{
    struct emulator *emu = *state;

    struct reply most = create_with(emu, "allowedCountries", codes_json(emu, 200));
    struct reply over = create_with(emu, "allowedCountries", codes_json(emu, 201));

    assert_success(most, 200);
    assert_int_equal(reply_count(most, POLICY ".allowedCountries"), 200);
    assert_error_says(over, 402, "ServiceQuotaExceededException",
                      "Service quota exceeded: 200 countries per playback restriction "
                      "policy");
}

static void origins_of_all_forms_are_taken(void **state)
{
    static const char *const origins[] = {
        "*",
        "https://example.com",
        "http://localhost",
        "http://localhost:3000",
        "https://*.example.com",
        "https://*.example.com:8443",
        "http://127.0.0.1:65535",
        "http://[::1]:8080",
        "capacitor://localhost",
        "https://xn--bcher-kva.example",
    };
    struct emulator *emu = *state;
    const char *arn = create_playback_restriction_policy(emu, REGION, "p1");

    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        struct reply reply = emulator_call(emu, REGION, "UpdatePlaybackRestrictionPolicy",
                                           "{\"arn\":\"%s\",\"allowedOrigins\":[\"%s\"]}",
                                           arn, origins[i]);
        assert_success(reply, 200);
        assert_string_equal(reply_string(reply, POLICY ".allowedOrigins.0"), origins[i]);
    }
}

static void what_is_no_origin_is_refused(void **state)
{
    static const char *const others[] = {
        "",
        "example.com",
        "*.example.com",
        "https://",
        "https:/example.com",
        "://example.com",
        "https://example.com/",
        "https://example.com/path",
        "https://example.com?q",
        "https://user@example.com",
        "https://*",
        "https://*example.com",
        "https://www.*.example.com",
        "https://*.*.example.com",
        "https://.example.com",
        "https://example..com",
        "https://example.com.",
        "https://example.com:",
        "https://example.com:port",
        "https://example.com:123456",
        "https://[::1",
        "https://[::1]x",
        "https://ex ample.com",
        "https://example.com ",
        "**",
        "null",
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct reply reply = create_with(emu, "allowedOrigins",
                                         emulator_printf(emu, "[\"%s\"]", others[i]));
        assert_error_says(reply, 400, "ValidationException",
                          "CreatePlaybackRestrictionPolicy.allowedOrigins[0] must be an "
                          "origin such as https://www.example.com, or *");
    }
}

#define FIVE_ORIGINS                                                                     \
    "\"http://a.test\",\"http://b.test\",\"http://c.test\",\"http://d.test\","           \
    "\"http://e.test\""

static void a_policy_takes_five_origins_and_no_more(void **state)
{
    struct emulator *emu = *state;

    struct reply most = create_with(emu, "allowedOrigins", "[" FIVE_ORIGINS "]");
    struct reply over =
        create_with(emu, "allowedOrigins", "[" FIVE_ORIGINS ",\"http://f.test\"]");

    assert_success(most, 200);
    assert_int_equal(reply_count(most, POLICY ".allowedOrigins"), 5);
    assert_error_says(
        over, 402, "ServiceQuotaExceededException",
        "Service quota exceeded: 5 origins per playback restriction policy");
}

static void an_update_past_the_limits_is_invalid(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_playback_restriction_policy(emu, REGION, "p1");

    struct reply countries = emulator_call(emu, REGION, "UpdatePlaybackRestrictionPolicy",
                                           "{\"arn\":\"%s\",\"allowedCountries\":%s}",
                                           arn, codes_json(emu, 201));
    struct reply origins = emulator_call(emu, REGION, "UpdatePlaybackRestrictionPolicy",
                                         "{\"arn\":\"%s\",\"allowedOrigins\":[%s]}", arn,
                                         FIVE_ORIGINS ",\"*\"");

    assert_error_says(countries, 400, "ValidationException",
                      "UpdatePlaybackRestrictionPolicy.allowedCountries must have at "
                      "most 200 entries");
    assert_error_says(origins, 400, "ValidationException",
                      "UpdatePlaybackRestrictionPolicy.allowedOrigins must have at most "
                      "5 entries");
}

static void limits_of_a_policy_hold_with_quotas_off(void **state)
{
    struct emulator *emu = *state;

    emu->settings.quotas = false;

    assert_error(create_with(emu, "allowedOrigins", "[" FIVE_ORIGINS ",\"*\"]"), 402,
                 "ServiceQuotaExceededException");
    assert_error(create_with(emu, "allowedCountries", codes_json(emu, 201)), 402,
                 "ServiceQuotaExceededException");
}

static void an_update_of_nothing_changes_nothing(void **state)
{
    struct emulator *emu = *state;
    struct reply created = create_full(emu);

    struct reply reply = call_arn(emu, REGION, "UpdatePlaybackRestrictionPolicy",
                                  reply_string(created, POLICY ".arn"));

    assert_success(reply, 200);
    assert_true(cJSON_Compare(reply.body, created.body, true));
}

static void an_update_changes_what_it_names_and_nothing_else(void **state)
{
    static const struct {
        const char *member;
        const char *value;
    } changes[] = {
        {"allowedCountries",              "[\"DE\"]"                 },
        {"allowedOrigins",                "[\"*\",\"http://a.test\"]"},
        {"enableStrictOriginEnforcement", "false"                    },
        {"name",                          "\"p2\""                   },
        {"allowedCountries",              "[]"                       },
        {"allowedOrigins",                "[]"                       },
        {"name",                          "\"\""                     },
    };
    struct emulator *emu = *state;
    struct reply before = create_full(emu);
    const char *arn = reply_string(before, POLICY ".arn");

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct reply after = emulator_call(emu, REGION, "UpdatePlaybackRestrictionPolicy",
                                           "{\"arn\":\"%s\",\"%s\":%s}", arn,
                                           changes[i].member, changes[i].value);
        assert_success(after, 200);
        cJSON *expected = cJSON_Duplicate(reply_item(before, POLICY), true);
        cJSON_ReplaceItemInObjectCaseSensitive(expected, changes[i].member,
                                               cJSON_Parse(changes[i].value));
        assert_true(cJSON_Compare(reply_item(after, POLICY), expected, true));
        struct reply got = call_arn(emu, REGION, "GetPlaybackRestrictionPolicy", arn);
        assert_true(cJSON_Compare(reply_item(got, POLICY), expected, true));
        cJSON_Delete(expected);
        before = after;
    }
}

static void a_refused_update_changes_nothing(void **state)
{
    struct emulator *emu = *state;
    struct reply created = create_full(emu);
    const char *arn = reply_string(created, POLICY ".arn");

    struct reply refused = emulator_call(
        emu, REGION, "UpdatePlaybackRestrictionPolicy",
        "{\"arn\":\"%s\",\"name\":\"p2\",\"allowedCountries\":[\"XX\"]}", arn);
    struct reply got = call_arn(emu, REGION, "GetPlaybackRestrictionPolicy", arn);

    assert_error(refused, 400, "ValidationException");
    assert_true(cJSON_Compare(got.body, created.body, true));
}

static void a_list_shows_whole_policies_one_to_a_page_by_default(void **state)
{
    struct emulator *emu = *state;
    struct reply first = create_full(emu);

    create_playback_restriction_policy(emu, REGION, "p2");
    struct reply page =
        emulator_call(emu, REGION, "ListPlaybackRestrictionPolicies", "{}");

    assert_success(page, 200);
    assert_int_equal(reply_count(page, "playbackRestrictionPolicies"), 1);
    assert_true(cJSON_Compare(reply_item(page, "playbackRestrictionPolicies.0"),
                              reply_item(first, POLICY), true));
    assert_true(reply_has(page, "nextToken"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(an_empty_policy_has_its_defaults),
        EMULATOR_TEST(create_answers_what_it_was_given),
        EMULATOR_TEST(get_answers_what_create_answered),
        EMULATOR_TEST(of_all_pairs_of_letters_the_assigned_ones_are_taken),
        EMULATOR_TEST(what_is_no_country_code_is_refused),
        EMULATOR_TEST(a_policy_takes_200_countries_and_no_more),
        EMULATOR_TEST(origins_of_all_forms_are_taken),
        EMULATOR_TEST(what_is_no_origin_is_refused),
        EMULATOR_TEST(a_policy_takes_five_origins_and_no_more),
        EMULATOR_TEST(an_update_past_the_limits_is_invalid),
        EMULATOR_TEST(limits_of_a_policy_hold_with_quotas_off),
        EMULATOR_TEST(an_update_of_nothing_changes_nothing),
        EMULATOR_TEST(an_update_changes_what_it_names_and_nothing_else),
        EMULATOR_TEST(a_refused_update_changes_nothing),
        EMULATOR_TEST(a_list_shows_whole_policies_one_to_a_page_by_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
