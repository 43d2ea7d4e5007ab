#include "data/channel.h"

#include "api/page.h"
#include "data/recording_configuration.h"
#include "data/stream_key.h"
#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

#include <string.h>

enum { PASSPHRASE_CHARS = 69 }; /* Fidelity: channel-3 */

#define STANDARD "STANDARD"
#define TS "TS"
#define FRAGMENTED_MP4 "FRAGMENTED_MP4"
#define DEFAULT_ADVANCED_PRESET "HIGHER_BANDWIDTH_DELIVERY"

/* What AWS shows of a channel that never had this configured. Fidelity: channel-2 */
#define NO_MULTITRACK                                                                    \
    "{\"enabled\":false,\"policy\":\"ALLOW\",\"maximumResolution\":\"FULL_HD\"}"

static const char *const latency_modes[] = {"NORMAL", "LOW", NULL};
static const struct shape latency_mode = {.type = SHAPE_STRING, .values = latency_modes};
static const char *const types[] = {"BASIC", STANDARD, "ADVANCED_SD", "ADVANCED_HD",
                                    NULL};
static const struct shape type = {.type = SHAPE_STRING, .values = types};
/* AWS answers "" where there is no preset, so "" is taken too. Fidelity: channel-1 */
static const char *const presets[] = {DEFAULT_ADVANCED_PRESET,
                                      "CONSTRAINED_BANDWIDTH_DELIVERY", NULL};
static const struct shape preset = {
    .type = SHAPE_STRING, .values = presets, .or_empty = true};
static const char *const container_formats[] = {TS, FRAGMENTED_MP4, NULL};
static const struct shape container_format = {.type = SHAPE_STRING,
                                              .values = container_formats};

static const struct pattern policy_arn_pattern = {
    .text =
        "^$|^arn:aws:ivs:[a-z0-9-]+:[0-9]+:playback-restriction-policy/[a-zA-Z0-9-]+$",
    .matches = pattern_arn_or_empty,
    .arn = &(const struct arn_kind){"ivs", "playback-restriction-policy"},
    .example =
        "arn:aws:ivs:us-east-1:000000000000:playback-restriction-policy/abcdABCDefgh",
};
static const struct shape policy_arn = {
    .type = SHAPE_STRING, .max = 128, .pattern = &policy_arn_pattern};
static const struct pattern ad_configuration_arn_pattern = {
    .text = "^$|^arn:aws:ivs:[a-z0-9-]+:[0-9]+:ad-configuration/[a-zA-Z0-9-]+$",
    .matches = pattern_arn_or_empty,
    .arn = &(const struct arn_kind){"ivs", "ad-configuration"},
    .example = "arn:aws:ivs:us-east-1:000000000000:ad-configuration/abcdABCDefgh",
};
static const struct shape ad_configuration_arn = {
    .type = SHAPE_STRING, .max = 128, .pattern = &ad_configuration_arn_pattern};
static const struct pattern slate_arn_pattern = {
    .text =
        "^$|^arn:aws:ivs:[a-z0-9-]+:[0-9]+:failover-slate-configuration/[a-zA-Z0-9-]+$",
    .matches = pattern_arn_or_empty,
    .arn = &(const struct arn_kind){"ivs", "failover-slate-configuration"},
    .example =
        "arn:aws:ivs:us-east-1:000000000000:failover-slate-configuration/abcdABCDefgh",
};
static const struct shape slate_arn = {
    .type = SHAPE_STRING, .max = 128, .pattern = &slate_arn_pattern};

static const char *const policies[] = {"ALLOW", "REQUIRE", NULL};
static const struct shape policy = {.type = SHAPE_STRING, .values = policies};
static const char *const resolutions[] = {"SD", "HD", "FULL_HD", NULL};
static const struct shape resolution = {.type = SHAPE_STRING, .values = resolutions};
static const struct member multitrack_members[] = {
    {"enabled",           &shape_boolean, 0},
    {"policy",            &policy,        0},
    {"maximumResolution", &resolution,    0},
    MEMBERS_END
};
static const struct shape multitrack = STRUCT_OF(multitrack_members);

static const struct shape passphrase = {.type = SHAPE_STRING, .secret = true};
static const struct member srt_members[] = {
    {"endpoint",   &shape_string, 0},
    {"passphrase", &passphrase,   0},
    MEMBERS_END
};
static const struct shape srt = STRUCT_OF(srt_members);

static const struct member channel_members[] = {
    {"arn",                           &ivs_channel_arn,                         0},
    {"name",                          &ivs_name,                                0},
    {"latencyMode",                   &latency_mode,                            0},
    {"type",                          &type,                                    0},
    {"recordingConfigurationArn",     &ivs_channel_recording_configuration_arn, 0},
    {"ingestEndpoint",                &shape_string,                            0},
    {"playbackUrl",                   &shape_string,                            0},
    {"authorized",                    &shape_boolean,                           0},
    {"tags",                          &ivs_tags,                                0},
    {"insecureIngest",                &shape_boolean,                           0},
    {"preset",                        &preset,                                  0},
    {"srt",                           &srt,                                     0},
    {"playbackRestrictionPolicyArn",  &policy_arn,                              0},
    {"multitrackInputConfiguration",  &multitrack,                              0},
    {"containerFormat",               &container_format,                        0},
    {"adConfigurationArn",            &ad_configuration_arn,                    0},
    {"failoverSlateConfigurationArn", &slate_arn,                               0},
    MEMBERS_END
};
static const struct shape channel_shape = STRUCT_OF(channel_members);

static const struct member create_in[] = {
    {"name",                          &ivs_name,                                0},
    {"latencyMode",                   &latency_mode,                            0},
    {"type",                          &type,                                    0},
    {"authorized",                    &shape_boolean,                           0},
    {"recordingConfigurationArn",     &ivs_channel_recording_configuration_arn, 0},
    {"tags",                          &ivs_tags,                                0},
    {"insecureIngest",                &shape_boolean,                           0},
    {"preset",                        &preset,                                  0},
    {"playbackRestrictionPolicyArn",  &policy_arn,                              0},
    {"multitrackInputConfiguration",  &multitrack,                              0},
    {"containerFormat",               &container_format,                        0},
    {"adConfigurationArn",            &ad_configuration_arn,                    0},
    {"failoverSlateConfigurationArn", &slate_arn,                               0},
    MEMBERS_END
};
static const struct member create_out[] = {
    {"channel",   &channel_shape,  0},
    {"streamKey", &ivs_stream_key, 0},
    MEMBERS_END
};
const struct shape ivs_channel_create_in = STRUCT_OF(create_in);
const struct shape ivs_channel_create_out = STRUCT_OF(create_out);

static const struct member update_in[] = {
    {"arn",                           &ivs_channel_arn,                         REQUIRED},
    {"name",                          &ivs_name,                                0       },
    {"latencyMode",                   &latency_mode,                            0       },
    {"type",                          &type,                                    0       },
    {"authorized",                    &shape_boolean,                           0       },
    {"recordingConfigurationArn",     &ivs_channel_recording_configuration_arn, 0       },
    {"insecureIngest",                &shape_boolean,                           0       },
    {"preset",                        &preset,                                  0       },
    {"playbackRestrictionPolicyArn",  &policy_arn,                              0       },
    {"multitrackInputConfiguration",  &multitrack,                              0       },
    {"containerFormat",               &container_format,                        0       },
    {"adConfigurationArn",            &ad_configuration_arn,                    0       },
    {"failoverSlateConfigurationArn", &slate_arn,                               0       },
    MEMBERS_END
};
static const struct member one_arn[] = {
    {"arn", &ivs_channel_arn, REQUIRED},
    MEMBERS_END
};
static const struct member one_channel[] = {
    {"channel", &channel_shape, 0},
    MEMBERS_END
};
static const struct member nothing[] = {MEMBERS_END};
const struct shape ivs_channel_update_in = STRUCT_OF(update_in);
const struct shape ivs_channel_update_out = STRUCT_OF(one_channel);
const struct shape ivs_channel_get_in = STRUCT_OF(one_arn);
const struct shape ivs_channel_get_out = STRUCT_OF(one_channel);
const struct shape ivs_channel_delete_in = STRUCT_OF(one_arn);
const struct shape ivs_channel_delete_out = STRUCT_OF(nothing);

static const struct shape arn_list = {
    .type = SHAPE_LIST, .min = 1, .max = 50, .item = &ivs_channel_arn};
static const struct member batch_get_in[] = {
    {"arns", &arn_list, REQUIRED},
    MEMBERS_END
};
static const struct shape channel_shapes = LIST_OF(channel_shape);
static const struct member batch_get_out[] = {
    {"channels", &channel_shapes,   0},
    {"errors",   &ivs_batch_errors, 0},
    MEMBERS_END
};
const struct shape ivs_channel_batch_get_in = STRUCT_OF(batch_get_in);
const struct shape ivs_channel_batch_get_out = STRUCT_OF(batch_get_out);

static const struct member list_in[] = {
    {"filterByName",                          &ivs_name,                                0},
    {"filterByRecordingConfigurationArn",     &ivs_channel_recording_configuration_arn, 0},
    {"filterByPlaybackRestrictionPolicyArn",  &policy_arn,                              0},
    {"filterByAdConfigurationArn",            &ad_configuration_arn,                    0},
    {"filterByFailoverSlateConfigurationArn", &slate_arn,                               0},
    {"nextToken",                             &ivs_next_token,                          0},
    {"maxResults",                            &ivs_max_results_100,                     0},
    MEMBERS_END
};
static const struct member summary_members[] = {
    {"arn",                           &ivs_channel_arn,                         0},
    {"name",                          &ivs_name,                                0},
    {"latencyMode",                   &latency_mode,                            0},
    {"authorized",                    &shape_boolean,                           0},
    {"recordingConfigurationArn",     &ivs_channel_recording_configuration_arn, 0},
    {"tags",                          &ivs_tags,                                0},
    {"insecureIngest",                &shape_boolean,                           0},
    {"type",                          &type,                                    0},
    {"preset",                        &preset,                                  0},
    {"playbackRestrictionPolicyArn",  &policy_arn,                              0},
    {"adConfigurationArn",            &ad_configuration_arn,                    0},
    {"failoverSlateConfigurationArn", &slate_arn,                               0},
    MEMBERS_END
};
static const struct shape summary = STRUCT_OF(summary_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_out[] = {
    {"channels",  &summaries,      REQUIRED},
    {"nextToken", &ivs_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_channel_list_in = STRUCT_OF(list_in);
const struct shape ivs_channel_list_out = STRUCT_OF(list_out);

static cJSON *summary_json(const struct channel *channel)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "arn", channel->arn);
    cJSON_AddStringToObject(json, "name", channel->name);
    cJSON_AddStringToObject(json, "latencyMode", channel->latency_mode);
    cJSON_AddStringToObject(json, "type", channel->type);
    cJSON_AddStringToObject(json, "preset", channel->preset);
    cJSON_AddBoolToObject(json, "authorized", channel->authorized);
    cJSON_AddBoolToObject(json, "insecureIngest", channel->insecure_ingest);
    cJSON_AddStringToObject(json, "recordingConfigurationArn",
                            channel->recording_configuration_arn);
    cJSON_AddStringToObject(json, "playbackRestrictionPolicyArn", "");
    cJSON_AddStringToObject(json, "adConfigurationArn", ""); /* Fidelity: channel-4 */
    cJSON_AddStringToObject(json, "failoverSlateConfigurationArn", "");
    json_add_stored(json, "tags", channel->tags);
    return json;
}

static cJSON *full_json(struct call *call, const struct channel *channel)
{
    const char *tracks = channel->multitrack_input_configuration;
    cJSON *json = summary_json(channel);

    cJSON_AddStringToObject(json, "containerFormat", channel->container_format);
    json_add_stored(json, "multitrackInputConfiguration",
                    tracks[0] != '\0' ? tracks : NO_MULTITRACK);
    cJSON_AddStringToObject(json, "ingestEndpoint", ivs_ingest_endpoint(call));
    cJSON_AddStringToObject(json, "playbackUrl", ivs_playback_url(call, channel));
    cJSON *secure = cJSON_AddObjectToObject(json, "srt");
    cJSON_AddStringToObject(secure, "endpoint", ivs_srt_endpoint(call));
    cJSON_AddStringToObject(secure, "passphrase", channel->srt_passphrase);
    return json;
}

static bool is_advanced(const char *channel_type)
{
    return strncmp(channel_type, "ADVANCED_", strlen("ADVANCED_")) == 0;
}

/* The channel's multitrack configuration, given or stored; the caller deletes it. */
static cJSON *multitrack_of(struct call *call, const struct channel *channel)
{
    const cJSON *given = in_item(call, "multitrackInputConfiguration");

    if (given != NULL)
        return cJSON_Duplicate(given, true);
    if (channel->multitrack_input_configuration[0] != '\0')
        return json_stored(channel->multitrack_input_configuration);
    return cJSON_CreateObject();
}

/* Multitrack input that is on needs a STANDARD channel and all its members. */
static int check_multitrack(struct call *call, const struct channel *channel)
{
    static const char *const needed[] = {"policy", "maximumResolution"};
    cJSON *tracks AUTO(json_done) = multitrack_of(call, channel);
    const char *op = call->op->name;

    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(tracks, "enabled")))
        return 0;
    if (strcmp(channel->type, STANDARD) != 0)
        return call_fail(call, &ERR_VALIDATION,
                         "%s.multitrackInputConfiguration.enabled is allowed only with "
                         "type STANDARD",
                         op);
    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        if (!json_has(tracks, needed[i]))
            return call_fail(call, &ERR_VALIDATION,
                             "%s.multitrackInputConfiguration.%s is required when "
                             "multitrack input is enabled",
                             op, needed[i]);
    }
    if (strcmp(channel->container_format, FRAGMENTED_MP4) != 0)
        return call_fail(
            call, &ERR_VALIDATION,
            "%s.containerFormat must be FRAGMENTED_MP4 when multitrack input "
            "is enabled",
            op);
    return 0;
}

/* A preset that is asked for must fit the channel's type. Fidelity: channel-1 */
static int check_preset(struct call *call, const struct channel *channel)
{
    if (in_string_or(call, "preset", "")[0] == '\0' || is_advanced(channel->type))
        return 0;
    return call_fail(call, &ERR_VALIDATION,
                     "%s.preset is allowed only with type ADVANCED_SD or ADVANCED_HD",
                     call->op->name);
}

static int check_ads(struct call *call, const struct channel *channel)
{
    if (in_string_or(call, "adConfigurationArn", "")[0] == '\0' ||
        strcmp(channel->container_format, TS) == 0)
        return 0;
    return call_fail(call, &ERR_VALIDATION,
                     "%s.adConfigurationArn is allowed only with containerFormat TS",
                     call->op->name);
}

/* What the channel points to must exist, in whatever state. Fidelity: channel-6 */
static int check_references(struct call *call)
{
    const char *recording = in_string_or(call, "recordingConfigurationArn", "");
    struct recording_configuration found;

    if (recording[0] != '\0' &&
        call_found(
            call, recording_configuration_find(call->txn, call->scope, recording, &found),
            recording) != 0)
        return -1;
    /* Nothing makes these yet, so none can be found. */
    for (const char *const *name =
             (const char *const[]){"playbackRestrictionPolicyArn", "adConfigurationArn",
                                   "failoverSlateConfigurationArn", NULL};
         *name != NULL; name++) {
        const char *arn = in_string_or(call, *name, "");
        if (arn[0] != '\0')
            return call_fail_not_found(call, arn);
    }
    return 0;
}

/* A configuration as it is echoed, with what the caller left out. Fidelity: channel-2 */
static const char *multitrack_text(struct call *call, const cJSON *given)
{
    cJSON *full AUTO(json_done) = cJSON_CreateObject();

    cJSON_AddBoolToObject(
        full, "enabled",
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(given, "enabled")));
    cJSON_AddStringToObject(full, "policy", json_string_or(given, "policy", "ALLOW"));
    cJSON_AddStringToObject(full, "maximumResolution",
                            json_string_or(given, "maximumResolution", "FULL_HD"));
    return json_text(call->arena, full);
}

static const char *settled_preset(const struct channel *channel, const char *asked)
{
    if (!is_advanced(channel->type))
        return "";
    if (asked[0] != '\0')
        return asked;
    return channel->preset[0] != '\0' ? channel->preset : DEFAULT_ADVANCED_PRESET;
}

/* Lays the members that the call gives over the channel, after checking that they go
 * together with each other and with what the channel has. */
static int apply_input(struct call *call, struct channel *channel)
{
    const cJSON *tracks = in_item(call, "multitrackInputConfiguration");

    channel->name = in_string_or(call, "name", channel->name);
    channel->latency_mode = in_string_or(call, "latencyMode", channel->latency_mode);
    channel->type = in_string_or(call, "type", channel->type);
    channel->container_format =
        in_string_or(call, "containerFormat", channel->container_format);
    channel->authorized = in_bool_or(call, "authorized", channel->authorized);
    channel->insecure_ingest =
        in_bool_or(call, "insecureIngest", channel->insecure_ingest);
    channel->recording_configuration_arn = in_string_or(
        call, "recordingConfigurationArn", channel->recording_configuration_arn);

    if (check_preset(call, channel) != 0 || check_multitrack(call, channel) != 0 ||
        check_ads(call, channel) != 0 || check_references(call) != 0)
        return -1;
    channel->preset = settled_preset(channel, in_string_or(call, "preset", ""));
    if (tracks != NULL)
        channel->multitrack_input_configuration = multitrack_text(call, tracks);
    return 0;
}

int ivs_channel_create(struct call *call)
{
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    struct channel channel = {
        .arn = arn_format(call->arena, &channel_arn_kind, call->scope, id),
        .id = id,
        .name = "",
        .latency_mode = "LOW",
        .type = STANDARD,
        .preset = "",
        .container_format = TS,
        .recording_configuration_arn = "",
        .multitrack_input_configuration = "",
        .srt_passphrase = ids_alnum(call->emu->ids, call->arena, PASSPHRASE_CHARS),
        .tags = ivs_input_tags(call),
    };
    struct stream_key key;

    if (channel.tags == NULL || apply_input(call, &channel) != 0 ||
        ivs_check_quota(call, "channel") != 0 ||
        call_db(call, channel_insert(call->txn, call->scope, &channel)) != 0)
        return -1;
    /* The key that comes with a channel has no tags. Fidelity: stream-key-3 */
    if (ivs_stream_key_make(call, channel.arn, "{}", &key) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "channel", full_json(call, &channel));
    cJSON_AddItemToObject(call->out, "streamKey", ivs_stream_key_json(&key));
    return 0;
}

static int load(struct call *call, const char *arn, struct channel *out)
{
    return call_found(call, channel_find(call->txn, call->scope, arn, out), arn);
}

int ivs_channel_get(struct call *call)
{
    struct channel channel;

    if (load(call, in_string(call, "arn"), &channel) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "channel", full_json(call, &channel));
    return 0;
}

int ivs_channel_batch_get(struct call *call)
{
    cJSON *channels = cJSON_AddArrayToObject(call->out, "channels");
    struct channel channel;
    const cJSON *arn;

    cJSON_ArrayForEach(arn, in_item(call, "arns")) {
        switch (channel_find(call->txn, call->scope, arn->valuestring, &channel)) {
        case DB_ROW:
            cJSON_AddItemToArray(channels, full_json(call, &channel));
            break;
        case DB_NONE:
            ivs_batch_not_found(call, arn->valuestring);
            break;
        case DB_ERROR:
            return call_fail_internal(call);
        }
    }
    return 0;
}

/* The filters of ListChannels. Nothing makes policies, ad configurations and slates yet,
 * so no channel has one. */
static const struct list_filter {
    const char *member;
    enum channel_filter filter;
} list_filters[] = {
    {"filterByName",                          CHANNEL_BY_NAME                   },
    {"filterByRecordingConfigurationArn",     CHANNEL_BY_RECORDING_CONFIGURATION},
    {"filterByPlaybackRestrictionPolicyArn",  CHANNEL_NONE                      },
    {"filterByAdConfigurationArn",            CHANNEL_NONE                      },
    {"filterByFailoverSlateConfigurationArn", CHANNEL_NONE                      },
};

/* Reads the one filter of the call. An empty one counts as absent. Fidelity: channel-5 */
static int read_filter(struct call *call, enum channel_filter *filter, const char **value,
                       const char **key)
{
    *filter = CHANNEL_ALL;
    *value = *key = "";
    for (size_t i = 0; i < COUNT_OF(list_filters); i++) {
        const char *given = in_string_or(call, list_filters[i].member, "");
        if (given[0] == '\0')
            continue;
        if (**key != '\0')
            return call_fail(call, &ERR_CONFLICT, /* Fidelity: errors-4 */
                             "%s takes only one of its filters at a time",
                             call->op->name);
        *filter = list_filters[i].filter;
        *value = given;
        *key = arena_printf(call->arena, "%s=%s", list_filters[i].member, given);
    }
    return 0;
}

int ivs_channel_list(struct call *call)
{
    enum channel_filter filter;
    const char *value, *key;
    struct channel *rows;
    struct page page;
    size_t count;

    if (read_filter(call, &filter, &value, &key) != 0 ||
        page_open(call, 100, key, &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, channel_list(call->txn, call->scope, filter, value, page.after,
                                   page.limit + 1, rows, &count)) != 0)
        return -1;
    cJSON *list = cJSON_AddArrayToObject(call->out, "channels");
    for (size_t i = 0; i < count && i < page.limit; i++)
        cJSON_AddItemToArray(list, summary_json(&rows[i]));
    if (count > page.limit)
        page_more(call, &page, rows[page.limit - 1].seq);
    return 0;
}

/* How members go together depends on what the channel has, so it is looked for first.
 * Fidelity: channel-7 */
int ivs_channel_update(struct call *call)
{
    struct channel channel;

    if (load(call, in_string(call, "arn"), &channel) != 0 ||
        apply_input(call, &channel) != 0 ||
        call_db(call, channel_update(call->txn, call->scope, &channel)) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "channel", full_json(call, &channel));
    return 0;
}

int ivs_channel_delete(struct call *call)
{
    const char *arn = in_string(call, "arn");
    struct channel channel;

    if (load(call, arn, &channel) != 0)
        return -1;
    return call_db(call, channel_delete(call->txn, call->scope, arn));
}
