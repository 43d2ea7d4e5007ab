#include "playback.h"

#include "base/json.h"

#include "cmocka_all.h"

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
