#include "data/channel.h"

#include "api/page.h"
#include "channel_internal.h"
#include "common/list.h"
#include "common/quota.h"
#include "common/step.h"
#include "common/tags.h"
#include "data/resource.h"
#include "data/stream_key.h"
#include "engine/stream.h"
#include "ivs_internal.h"
#include "rules_internal.h"

#include <string.h>

enum { PASSPHRASE_CHARS = 69 }; /* Fidelity: ivs-channel-3 */

/* What AWS returns for a channel without this configuration. Fidelity: ivs-channel-2 */
#define NO_MULTITRACK                                                                    \
    "{\"enabled\":false,\"policy\":\"ALLOW\",\"maximumResolution\":\"FULL_HD\"}"

static cJSON *summary_json(const struct channel *channel)
{
    cJSON *json = cJSON_CreateObject();

    json_add_text(json, "arn", channel->arn);
    json_add_text(json, "name", channel->name);
    json_add_text(json, "latencyMode", channel->latency_mode);
    json_add_text(json, "type", channel->type);
    json_add_text(json, "preset", channel->preset);
    cJSON_AddBoolToObject(json, "authorized", channel->authorized);
    cJSON_AddBoolToObject(json, "insecureIngest", channel->insecure_ingest);
    json_add_text(json, "recordingConfigurationArn",
                  channel->recording_configuration_arn);
    json_add_text(json, "playbackRestrictionPolicyArn",
                  channel->playback_restriction_policy_arn);
    json_add_text(json, "adConfigurationArn", /* Fidelity: ivs-channel-4 */
                  channel->ad_configuration_arn);
    json_add_text(json, "failoverSlateConfigurationArn",
                  channel->failover_slate_configuration_arn);
    json_add_stored(json, "tags", channel->tags);
    return json;
}

static cJSON *full_json(struct call *call, const struct channel *channel)
{
    const char *tracks = channel->multitrack_input_configuration;
    const struct url_style style = url_style_of_call(call);
    cJSON *json = summary_json(channel);

    json_add_text(json, "containerFormat", channel->container_format);
    json_add_stored(json, "multitrackInputConfiguration",
                    tracks[0] != '\0' ? tracks : NO_MULTITRACK);
    json_add_text(json, "ingestEndpoint",
                  ingest_endpoint(call->arena, style, call->scope));
    json_add_text(json, "playbackUrl",
                  playback_url(call->arena, style, call->scope, channel->id));
    cJSON *secure = cJSON_AddObjectToObject(json, "srt");
    json_add_text(secure, "endpoint", srt_endpoint(call->arena, style, call->scope));
    json_add_text(secure, "passphrase", channel->srt_passphrase);
    return json;
}

static bool is_advanced(const char *channel_type)
{
    return strncmp(channel_type, "ADVANCED_", strlen("ADVANCED_")) == 0;
}

/* Returns the channel's multitrack configuration, given or stored; the caller deletes
 * it. */
static cJSON *multitrack_of(struct call *call, const struct channel *channel)
{
    const cJSON *given = in_item(call, "multitrackInputConfiguration");

    if (given != NULL)
        return cJSON_Duplicate(given, true);
    if (channel->multitrack_input_configuration[0] != '\0')
        return json_stored(channel->multitrack_input_configuration);
    return cJSON_CreateObject();
}

/* Enabled multitrack input requires a STANDARD channel and all its members. */
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

/* A preset is allowed only with some channel types. Fidelity: ivs-channel-1 */
static int check_preset(struct call *call, const struct channel *channel)
{
    if (in_string_or(call, "preset", "")[0] == '\0' || is_advanced(channel->type))
        return 0;
    return call_fail(call, &ERR_VALIDATION,
                     "%s.preset is allowed only with type ADVANCED_SD or ADVANCED_HD",
                     call->op->name);
}

/* Ads require TS, whichever of the two was set first. */
static int check_ads(struct call *call, const struct channel *channel)
{
    if (channel->ad_configuration_arn[0] == '\0' ||
        strcmp(channel->container_format, TS) == 0)
        return 0;
    return call_fail(call, &ERR_VALIDATION,
                     "%s.adConfigurationArn is allowed only with containerFormat TS",
                     call->op->name);
}

/* The resources that the call refers to must exist, in any state.
 * Fidelity: ivs-channel-6 */
static int check_references(struct call *call)
{
    static const char *const members[] = {
        "recordingConfigurationArn", "playbackRestrictionPolicyArn", "adConfigurationArn",
        "failoverSlateConfigurationArn"};

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const char *arn = in_string_or(call, members[i], "");
        if (arn[0] != '\0' &&
            call_found(call,
                       resource_exists(call->txn, call->emu->registry, call->scope, arn),
                       arn) != 0)
            return -1;
    }
    return 0;
}

/* The configuration as it is returned, with defaults filled in.
 * Fidelity: ivs-channel-2 */
static const char *multitrack_text(struct call *call, const cJSON *given)
{
    cJSON *full AUTO(json_done) = cJSON_CreateObject();

    cJSON_AddBoolToObject(
        full, "enabled",
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(given, "enabled")));
    json_add_text(full, "policy", json_string_or(given, "policy", "ALLOW"));
    json_add_text(full, "maximumResolution",
                  json_string_or(given, "maximumResolution", "FULL_HD"));
    return json_text(call->arena, full);
}

static const char *settled_preset(const struct channel *channel, const char *asked)
{
    if (!is_advanced(channel->type))
        return "";
    if (asked[0] != '\0')
        return asked;
    return channel->preset[0] != '\0' ? channel->preset : HIGHER_BANDWIDTH_DELIVERY;
}

/* Merges the members of the input into the channel, after checking that they are
 * consistent with each other and with the channel. */
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
    channel->playback_restriction_policy_arn = in_string_or(
        call, "playbackRestrictionPolicyArn", channel->playback_restriction_policy_arn);
    channel->ad_configuration_arn =
        in_string_or(call, "adConfigurationArn", channel->ad_configuration_arn);
    channel->failover_slate_configuration_arn = in_string_or(
        call, "failoverSlateConfigurationArn", channel->failover_slate_configuration_arn);

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
        .playback_restriction_policy_arn = "",
        .ad_configuration_arn = "",
        .failover_slate_configuration_arn = "",
        .multitrack_input_configuration = "",
        .srt_passphrase = ids_alnum(call->emu->ids, call->arena, PASSPHRASE_CHARS),
        .tags = tags_of_input(call),
    };
    struct stream_key key;

    if (channel.tags == NULL || apply_input(call, &channel) != 0 ||
        quota_check(call, "channel") != 0 ||
        call_db(call, channel_insert(call->txn, call->scope, &channel)) != 0)
        return -1;
    /* The key that is created with a channel has no tags. Fidelity: ivs-stream-key-3 */
    if (ivs_stream_key_make(call, channel.arn, "{}", &key) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "channel", full_json(call, &channel));
    cJSON_AddItemToObject(call->out, "streamKey", ivs_stream_key_json(&key));
    return 0;
}

static int load_channel(struct call *call, const char *arn, struct channel *out)
{
    return call_found(call, channel_find(call->txn, call->scope, arn, out), arn);
}

int ivs_channel_get(struct call *call)
{
    struct channel channel;

    if (load_channel(call, in_string(call, "arn"), &channel) != 0)
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
        case DB_DONE:
        case DB_ERROR:
            return call_fail_internal(call);
        }
    }
    return 0;
}

/* The filters of ListChannels. */
static const struct list_filter {
    const char *member;
    enum channel_filter filter;
} list_filters[] = {
    {"filterByName",                          CHANNEL_BY_NAME                        },
    {"filterByRecordingConfigurationArn",     CHANNEL_BY_RECORDING_CONFIGURATION     },
    {"filterByPlaybackRestrictionPolicyArn",  CHANNEL_BY_PLAYBACK_RESTRICTION_POLICY },
    {"filterByAdConfigurationArn",            CHANNEL_BY_AD_CONFIGURATION            },
    {"filterByFailoverSlateConfigurationArn", CHANNEL_BY_FAILOVER_SLATE_CONFIGURATION},
};

/* Reads the filter of the call: at most one. An empty one counts as absent.
 * Fidelity: ivs-channel-5 */
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
            return call_fail(call, &ERR_CONFLICT, /* Fidelity: common-errors-4 */
                             "%s takes only one of its filters at a time",
                             call->op->name);
        *filter = list_filters[i].filter;
        *value = given;
        *key = arena_printf(call->arena, "%s=%s", list_filters[i].member, given);
    }
    return 0;
}

static cJSON *row_json(const struct call *call, const void *row)
{
    (void)call;
    return summary_json(row);
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
    list_respond(call, &page, "channels", &(struct list_rows){rows, sizeof(*rows), count},
                 row_json);
    return 0;
}

/* A live channel cannot be updated or deleted. Fidelity: ivs-channel-8 */
static int check_offline(struct call *call, const struct channel *channel)
{
    struct stream_session session;

    switch (stream_session_find_live(call->txn, call->scope, channel->arn, &session)) {
    case DB_NONE:
        return 0;
    case DB_ROW:
        return call_fail(call, &ERR_CONFLICT,
                         "Channel: %s is live; stop its stream first", channel->arn);
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}

/* Whether members are consistent depends on the channel, so it is loaded first.
 * Fidelity: ivs-channel-7 */
int ivs_channel_update(struct call *call)
{
    struct channel channel;

    if (load_channel(call, in_string(call, "arn"), &channel) != 0 ||
        apply_input(call, &channel) != 0 || check_offline(call, &channel) != 0 ||
        call_db(call, channel_update(call->txn, call->scope, &channel)) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "channel", full_json(call, &channel));
    return 0;
}

int ivs_channel_delete(struct call *call)
{
    const char *arn = in_string(call, "arn");
    struct channel channel;

    const struct step step = step_of_call(call);

    if (load_channel(call, arn, &channel) != 0 || check_offline(call, &channel) != 0 ||
        call_db(call, stream_forget_channel(&step, &channel)) != 0)
        return -1;
    return call_db(call, channel_delete(call->txn, call->scope, arn));
}
