/*
 * What an encoder sends: the defaults, the limits, and when a recording continues.
 */
#include "engine/ingest.h"

#include "base/json.h"

#include <string.h>

#include "support/cmocka_all.h"

static int setup(void **state)
{
    json_init();
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *text_of(struct arena *arena, const char *given)
{
    cJSON *json AUTO(json_done) = given != NULL ? json_stored(given) : NULL;

    return ingest_text(arena, json);
}

/* The configuration for the given JSON, as text. */
static cJSON *tree_of(struct arena *arena, const char *given)
{
    return json_stored(text_of(arena, given));
}

static bool is_json(const cJSON *json, const char *text)
{
    cJSON *expected AUTO(json_done) = json_stored(text);

    return cJSON_Compare(json, expected, true);
}

#define AUDIO                                                                            \
    "{\"codec\":\"mp4a.40.2\",\"targetBitrate\":160000,\"sampleRate\":48000,"            \
    "\"channels\":2,\"track\":\"Track0\"}"
#define VIDEO(bitrate)                                                                   \
    "{\"avcProfile\":\"Main\",\"avcLevel\":\"4.0\",\"codec\":\"avc1.4D4028\","           \
    "\"encoder\":\"IVS Local\",\"targetBitrate\":" bitrate ",\"targetFramerate\":30,"    \
    "\"videoHeight\":1080,\"videoWidth\":1920,\"level\":\"4.0\",\"track\":\"Track0\","   \
    "\"profile\":\"Main\"}"
#define PLAUSIBLE "{\"video\":" VIDEO("3500000") ",\"audio\":" AUDIO "}"

static void the_default_ingest_configuration_is_1080p30(void **state)
{
    static const char *const nothing[] = {NULL, "{}", "{\"video\":{},\"audio\":{}}"};

    for (size_t i = 0; i < COUNT_OF(nothing); i++) {
        cJSON *tree AUTO(json_done) = tree_of(*state, nothing[i]);
        assert_true(is_json(tree, PLAUSIBLE));
    }
}

static void given_members_override_the_default(void **state)
{
    cJSON *tree AUTO(json_done) =
        tree_of(*state, "{\"video\":{\"targetBitrate\":6000000}}");

    assert_true(is_json(tree, "{\"video\":" VIDEO("6000000") ",\"audio\":" AUDIO "}"));
}

static void unknown_members_are_not_stored(void **state)
{
    static const char *const unknown[] = {
        "{\"video\":{\"unknown\":1}}",
        "{\"audio\":{\"unknown\":{\"codec\":\"x\"}}}",
        "{\"unknown\":{\"codec\":\"x\"}}",
        "{\"unknown\":1}",
    };

    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        cJSON *tree AUTO(json_done) = tree_of(*state, unknown[i]);
        assert_true(is_json(tree, PLAUSIBLE));
    }
}

static void limits_are_those_of_the_channel_type(void **state)
{
    static const struct {
        const char *type;
        int width, height, bitrate;
        struct ingest_breach breach;
    } cases[] = {
        {"STANDARD",    1920, 1080, 8500000, {NULL, NULL, 0, 0}                                     },
        {"STANDARD",    1080, 1920, 8500000, {NULL, NULL, 0, 0}                                     },
        {"STANDARD",    1920, 1093, 8500000, {NULL, NULL, 0, 0}                                     },
        {"STANDARD",
         1920,                1094,
         8500000,                            {"Ingest Resolution", "total pixels", 2100000, 480}    },
        {"STANDARD",    1921, 16,   1,       {"Ingest Resolution", "pixels per edge", 1920, 1}      },
        {"STANDARD",    16,   1921, 1,       {"Ingest Resolution", "pixels per edge", 1920, 1}      },
 /* With several faults: edge, then pixels, then bitrate. */
        {"STANDARD",
         3840,                2160,
         9000000,                            {"Ingest Resolution", "pixels per edge", 1920, 1920}   },
        {"STANDARD",
         1920,                1200,
         9000000,                            {"Ingest Resolution", "total pixels", 2100000, 204000} },
        {"STANDARD",
         1920,                1080,
         8500001,                            {"Ingest Bitrate", "bits per second", 8500000, 1}      },
        {"ADVANCED_HD", 1920, 1080, 8500000, {NULL, NULL, 0, 0}                                     },
        {"ADVANCED_HD",
         1920,                1080,
         9500000,                            {"Ingest Bitrate", "bits per second", 8500000, 1000000}},
        {"ADVANCED_SD",
         1920,                1080,
         8500001,                            {"Ingest Bitrate", "bits per second", 8500000, 1}      },
        {"BASIC",       852,  480,  1500000, {NULL, NULL, 0, 0}                                     },
        {"BASIC",       480,  852,  1500000, {NULL, NULL, 0, 0}                                     },
        {"BASIC",       852,  480,  1500001, {"Ingest Bitrate", "bits per second", 1500000, 1}      },
        {"BASIC",       854,  480,  1500001, {"Ingest Bitrate", "bits per second", 1500000, 1}      },
        {"BASIC",       480,  854,  1500001, {"Ingest Bitrate", "bits per second", 1500000, 1}      },
        {"BASIC",       856,  480,  3500000, {NULL, NULL, 0, 0}                                     },
        {"BASIC",       1920, 1080, 3500000, {NULL, NULL, 0, 0}                                     },
        {"BASIC",       1920, 1080, 3500001, {"Ingest Bitrate", "bits per second", 3500000, 1}      },
    };
    struct arena *arena = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *ingest = text_of(
            arena, arena_printf(arena,
                                "{\"video\":{\"videoWidth\":%d,\"videoHeight\":%d,"
                                "\"targetBitrate\":%d}}",
                                cases[i].width, cases[i].height, cases[i].bitrate));
        struct ingest_breach breach = ingest_check(cases[i].type, "", ingest);
        if (cases[i].breach.limit_name == NULL) {
            assert_null(breach.limit_name);
            continue;
        }
        assert_non_null(breach.limit_name);
        assert_string_equal(breach.limit_name, cases[i].breach.limit_name);
        assert_string_equal(breach.limit_unit, cases[i].breach.limit_unit);
        assert_int_equal(breach.limit_value, cases[i].breach.limit_value);
        assert_int_equal(breach.exceeded_by, cases[i].breach.exceeded_by);
    }
}

static void the_default_is_within_the_limits_of_every_type(void **state)
{
    static const char *const types[] = {"BASIC", "STANDARD", "ADVANCED_SD",
                                        "ADVANCED_HD"};
    const char *ingest = text_of(*state, NULL);

    for (size_t i = 0; i < COUNT_OF(types); i++)
        assert_null(ingest_check(types[i], "", ingest).limit_name);
}

static void a_recording_continues_only_with_a_similar_encoder(void **state)
{
    static const struct {
        const char *after;
        bool continues;
    } cases[] = {
        {"{}",                                                     true },
        {"{\"video\":{\"targetBitrate\":5250000}}",                true },
        {"{\"video\":{\"targetBitrate\":5250001}}",                false},
        {"{\"video\":{\"targetBitrate\":1750000}}",                true },
        {"{\"video\":{\"targetBitrate\":1749999}}",                false},
        {"{\"video\":{\"targetBitrate\":1000000000}}",             false},
        {"{\"video\":{\"videoWidth\":1280}}",                      false},
        {"{\"video\":{\"videoHeight\":720}}",                      false},
        {"{\"video\":{\"videoWidth\":1080,\"videoHeight\":1920}}", false},
        {"{\"video\":{\"targetFramerate\":60}}",                   false},
        {"{\"video\":{\"codec\":\"avc1.42C02A\"}}",                false},
        {"{\"audio\":{\"codec\":\"mp4a.40.5\"}}",                  false},
        {"{\"video\":{\"encoder\":\"another\"}}",                  true },
        {"{\"video\":{\"track\":\"Track1\"}}",                     true },
        {"{\"audio\":{\"targetBitrate\":1}}",                      true },
    };
    const char *before = text_of(*state, NULL);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *after = text_of(*state, cases[i].after);
        if (ingest_continues(before, after) != cases[i].continues)
            fail_msg("%s: %d", cases[i].after, !cases[i].continues);
    }
}

#define INGEST_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static void multitrack_input_has_limits_of_its_own(void **state)
{
    static const struct {
        const char *multitrack;
        const char *video;
        const char *limit; /* NULL: none is broken */
    } cases[] = {
        {"FULL_HD", "\"videoWidth\":1920,\"videoHeight\":1080,\"targetBitrate\":15000000",
         NULL                                                                                  },
        {"FULL_HD", "\"videoWidth\":1920,\"videoHeight\":1080,\"targetBitrate\":15000001",
         "Ingest Bitrate"                                                                      },
        {"HD",      "\"videoWidth\":1280,\"videoHeight\":720,\"targetBitrate\":9000000",   NULL},
        {"HD",      "\"videoWidth\":720,\"videoHeight\":1280,\"targetBitrate\":9000000",   NULL},
        {"HD",      "\"videoWidth\":1280,\"videoHeight\":721,\"targetBitrate\":1",
         "Ingest Resolution"                                                                   },
        {"SD",      "\"videoWidth\":852,\"videoHeight\":480,\"targetBitrate\":1",          NULL},
        {"SD",      "\"videoWidth\":480,\"videoHeight\":854,\"targetBitrate\":1",          NULL},
        {"HD",      "\"videoWidth\":1281,\"videoHeight\":700,\"targetBitrate\":1",
         "Ingest Resolution"                                                                   },
        {"SD",      "\"videoWidth\":864,\"videoHeight\":480,\"targetBitrate\":1",
         "Ingest Resolution"                                                                   },
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *multitrack =
            arena_printf(arena, "{\"enabled\":true,\"maximumResolution\":\"%s\"}",
                         cases[i].multitrack);
        const char *ingest = arena_printf(arena, "{\"video\":{%s}}", cases[i].video);

        struct ingest_breach breach = ingest_check("STANDARD", multitrack, ingest);

        if (cases[i].limit == NULL)
            assert_null(breach.limit_name);
        else
            assert_string_equal(breach.limit_name, cases[i].limit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        INGEST_TEST(the_default_ingest_configuration_is_1080p30),
        INGEST_TEST(given_members_override_the_default),
        INGEST_TEST(unknown_members_are_not_stored),
        INGEST_TEST(limits_are_those_of_the_channel_type),
        INGEST_TEST(the_default_is_within_the_limits_of_every_type),
        INGEST_TEST(a_recording_continues_only_with_a_similar_encoder),
        cmocka_unit_test(multitrack_input_has_limits_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
