#include "playback.h"

#include "base/json.h"

#include <string.h>

#include "cmocka_all.h"

#define REGION "us-east-1"

const char *in_json(struct emulator *emu, const char *text)
{
    cJSON *string AUTO(json_done) = cJSON_CreateString(text);
    char *quoted = cJSON_PrintUnformatted(string);
    const char *copy = emulator_printf(emu, "%s", quoted);

    cJSON_free(quoted);
    return copy;
}

struct reply import_key_pair(struct emulator *emu, const char *region, const char *pem)
{
    return emulator_call(emu, region, "ImportPlaybackKeyPair",
                         "{\"publicKeyMaterial\":%s}", in_json(emu, pem));
}

const char *create_key_pair(struct emulator *emu, const char *region, const char *pem)
{
    struct reply reply = import_key_pair(emu, region, pem);

    assert_success(reply, 200);
    return reply_string(reply, "keyPair.arn");
}

const char *create_playback_restriction_policy(struct emulator *emu, const char *region,
                                               const char *name)
{
    struct reply reply = emulator_call(emu, region, "CreatePlaybackRestrictionPolicy",
                                       "{\"name\":\"%s\"}", name);

    assert_success(reply, 200);
    return reply_string(reply, "playbackRestrictionPolicy.arn");
}

const char *create_ad_configuration(struct emulator *emu, const char *region,
                                    const char *name)
{
    struct reply reply =
        emulator_call(emu, region, "CreateAdConfiguration",
                      "{\"name\":\"%s\",\"mediaTailorPlaybackConfigurations\":%s}", name,
                      ONE_MEDIA_TAILOR("ads"));

    assert_success(reply, 200);
    return reply_string(reply, "adConfiguration.arn");
}

struct reply call_arn(struct emulator *emu, const char *region, const char *operation,
                      const char *arn)
{
    return emulator_call(emu, region, operation, "{\"arn\":\"%s\"}", arn);
}

static struct reply call_tags(struct emulator *emu, const char *method, const char *arn,
                              const char *query, const char *body)
{
    return emulator_request(emu, emu->settings.default_scope, method,
                            emulator_printf(emu, "/tags/%s%s", arn, query), body,
                            strlen(body));
}

void assert_takes_tags(struct emulator *emu, const char *arn)
{
    assert_success(call_tags(emu, "POST", arn, "",
                             "{\"tags\":{\"team\":\"video\",\"env\":\"test\"}}"),
                   200);
    struct reply tagged = call_tags(emu, "GET", arn, "", "");
    assert_success(call_tags(emu, "DELETE", arn, "?tagKeys=env", ""), 200);
    struct reply untagged = call_tags(emu, "GET", arn, "", "");

    assert_int_equal(reply_count(tagged, "tags"), 2);
    assert_string_equal(reply_string(tagged, "tags.env"), "test");
    assert_int_equal(reply_count(untagged, "tags"), 1);
    assert_string_equal(reply_string(untagged, "tags.team"), "video");
}

void assert_pages_of_one(struct emulator *emu, const char *operation, const char *member,
                         const char *const *names)
{
    const char *token = "";

    for (; *names != NULL; names++) {
        struct reply page = emulator_call(
            emu, REGION, operation, "{\"maxResults\":1,\"nextToken\":\"%s\"}", token);
        assert_success(page, 200);
        assert_int_equal(reply_count(page, member), 1);
        assert_string_equal(reply_string(page, emulator_printf(emu, "%s.0.name", member)),
                            *names);
        assert_int_equal(reply_has(page, "nextToken"), names[1] != NULL);
        if (names[1] != NULL)
            token = reply_string(page, "nextToken");
    }
}
