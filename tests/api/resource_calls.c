#include "resource_calls.h"

#include "base/json.h"
#include "support/fresh_key.h"

#include <string.h>

#include "support/cmocka_all.h"

/* clang-format off */
const struct resource_calls resource_calls[] = {
    {
        .table = "channel",
        .create = "CreateChannel",
        .input = "\"name\":\"lobby\"",
        .get = "GetChannel",
        .list = "ListChannels",
        .list_input = "",
        .list_member = "channels",
        .list_filter = "\"filterByName\":\"lobby\"",
        .update = "UpdateChannel",
        .update_input = "\"name\":\"hall\",\"latencyMode\":\"NORMAL\"",
        .delete = "DeleteChannel",
        .named_by = "arn",
        .member = "channel",
        .quota = 5000,
    },
    {
        .table = "stream_key",
        .needs = {"ivs:CreateChannel {}",
                  "ivs:DeleteStreamKey {\"arn\":\"<stream-key 0>\"}"},
        .create = "CreateStreamKey",
        .input = "\"channelArn\":\"<channel 0>\"",
        .get = "GetStreamKey",
        .list = "ListStreamKeys",
        .list_input = "\"channelArn\":\"<channel 0>\"",
        .list_member = "streamKeys",
        .delete = "DeleteStreamKey",
        .named_by = "arn",
        .member = "streamKey",
        .one_per_list = true,
    },
    {
        .table = "recording_configuration",
        .create = "CreateRecordingConfiguration",
        .input = "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"recordings\"}}",
        .get = "GetRecordingConfiguration",
        .list = "ListRecordingConfigurations",
        .list_input = "",
        .list_member = "recordingConfigurations",
        .delete = "DeleteRecordingConfiguration",
        .named_by = "arn",
        .member = "recordingConfiguration",
        .quota = 20,
        .used_by = "ivs:CreateChannel {\"recordingConfigurationArn\":"
                   "\"<recording-configuration 0>\"}",
        .released_by = "ivs:DeleteChannel {\"arn\":\"<channel 0>\"}",
    },
    {
        .table = "playback_restriction_policy",
        .create = "CreatePlaybackRestrictionPolicy",
        .input = "\"allowedCountries\":[\"DE\"]",
        .get = "GetPlaybackRestrictionPolicy",
        .list = "ListPlaybackRestrictionPolicies",
        .list_input = "",
        .list_member = "playbackRestrictionPolicies",
        .update = "UpdatePlaybackRestrictionPolicy",
        .update_input = "\"name\":\"hall\",\"allowedCountries\":[\"MX\"]",
        .delete = "DeletePlaybackRestrictionPolicy",
        .named_by = "arn",
        .member = "playbackRestrictionPolicy",
        .quota = 3,
        .quota_is_fixed = true,
        .used_by = "ivs:CreateChannel {\"playbackRestrictionPolicyArn\":"
                   "\"<playback-restriction-policy 0>\"}",
        .released_by = "ivs:DeleteChannel {\"arn\":\"<channel 0>\"}",
    },
    {
        .table = "ad_configuration",
        .create = "CreateAdConfiguration",
        .input = "\"mediaTailorPlaybackConfigurations\":[{\"playbackConfigurationArn\":"
                 "\"arn:aws:mediatailor:<region 0>:<account 0>:playbackConfiguration/a\"}]",
        .get = "GetAdConfiguration",
        .list = "ListAdConfigurations",
        .list_input = "",
        .list_member = "adConfigurations",
        .update = "UpdateAdConfiguration",
        .update_input = "\"name\":\"hall\"",
        .delete = "DeleteAdConfiguration",
        .named_by = "arn",
        .member = "adConfiguration",
        .quota = 20,
        .quota_is_fixed = true,
        .used_by = "ivs:CreateChannel {\"adConfigurationArn\":\"<ad-configuration 0>\"}",
        .released_by = "ivs:DeleteChannel {\"arn\":\"<channel 0>\"}",
    },
    {
        .table = "failover_slate_configuration",
        .create = "CreateFailoverSlateConfiguration",
        .input = "\"activationThresholdSeconds\":4",
        .get = "GetFailoverSlateConfiguration",
        .list = "ListFailoverSlateConfigurations",
        .list_input = "",
        .list_member = "failoverSlateConfigurations",
        .update = "UpdateFailoverSlateConfiguration",
        .update_input = "\"name\":\"hall\",\"activationThresholdSeconds\":5",
        .delete = "DeleteFailoverSlateConfiguration",
        .named_by = "arn",
        .member = "failoverSlateConfiguration",
        .quota = 20,
        .used_by = "ivs:CreateChannel {\"failoverSlateConfigurationArn\":"
                   "\"<failover-slate-configuration 0>\"}",
        .released_by = "ivs:DeleteChannel {\"arn\":\"<channel 0>\"}",
    },
    {
        .table = "playback_key_pair",
        .create = "ImportPlaybackKeyPair",
        .input = "\"publicKeyMaterial\":<pem 0>",
        .get = "GetPlaybackKeyPair",
        .list = "ListPlaybackKeyPairs",
        .list_input = "",
        .list_member = "keyPairs",
        .delete = "DeletePlaybackKeyPair",
        .named_by = "arn",
        .member = "keyPair",
        .quota = 3,
        .quota_is_fixed = true,
    },
    {
        .table = "room",
        .create = "CreateRoom",
        .input = "\"name\":\"lobby\"",
        .get = "GetRoom",
        .list = "ListRooms",
        .list_input = "",
        .list_member = "rooms",
        .list_filter = "\"name\":\"lobby\"",
        .update = "UpdateRoom",
        .update_input = "\"name\":\"hall\",\"maximumMessageLength\":140",
        .delete = "DeleteRoom",
        .named_by = "identifier",
        .member = "",
        .newest_first = true,
        .quota = 50000,
    },
    {
        .table = "logging_configuration",
        .create = "CreateLoggingConfiguration",
        .input = "\"name\":\"lobby\",\"destinationConfiguration\":"
                 "{\"s3\":{\"bucketName\":\"messages\"}}",
        .get = "GetLoggingConfiguration",
        .list = "ListLoggingConfigurations",
        .list_input = "",
        .list_member = "loggingConfigurations",
        .update = "UpdateLoggingConfiguration",
        .update_input = "\"name\":\"hall\",\"destinationConfiguration\":"
                        "{\"firehose\":{\"deliveryStreamName\":\"messages\"}}",
        .delete = "DeleteLoggingConfiguration",
        .named_by = "identifier",
        .member = "",
        .newest_first = true,
        .quota = 10,
        .used_by = "ivschat:CreateRoom {\"loggingConfigurationIdentifiers\":"
                   "[\"<logging-configuration 0>\"]}",
        .released_by = "ivschat:DeleteRoom {\"identifier\":\"<room 0>\"}",
    },
};
/* clang-format on */

const size_t resource_calls_count = COUNT_OF(resource_calls);

const struct resource *resource_of_calls(const struct resource_calls *calls)
{
    for (size_t i = 0; i < data_registry.count; i++) {
        if (strcmp(data_registry.rows[i].table, calls->table) == 0)
            return &data_registry.rows[i];
    }
    return NULL;
}

static const char *full_name(const struct walk *walk, const char *name)
{
    return arena_printf(walk->arena, "%s:%s", walk->resource->service, name);
}

const struct operation *walk_operation(const struct walk *walk, const char *name)
{
    const struct service *service;
    const char *why = NULL;
    const struct operation *op = operation_find(
        walk->emu->services, full_name(walk, name), walk->arena, &service, &why);

    if (op == NULL)
        fail_msg("%s: %s", walk->calls->table, why);
    return op;
}

/* What the input of a creation may name although no response said it. */
static void add_givens(const struct walk *walk, struct scope scope,
                       struct samples *samples)
{
    sample_give(samples, "account", scope.account);
    sample_give(samples, "region", scope.region);
    /* A key takes long to make. */
    if (strstr(walk->calls->input, "<pem 0>") == NULL)
        return;
    cJSON *pem AUTO(json_done) = cJSON_CreateString(fresh_public_key(walk->arena));
    sample_give(samples, "pem", json_text(walk->arena, pem));
}

static struct reply send_sample(struct samples *samples, struct scope scope,
                                const char *text)
{
    struct sample_request request = sample_fill(samples, text);
    struct reply reply = sample_send(samples, scope, &request);

    if (reply.error == NULL)
        sample_see(samples, request.op, reply);
    return reply;
}

struct reply walk_create(const struct walk *walk, struct scope scope, const char *more,
                         struct made *made)
{
    const struct resource_calls *calls = walk->calls;
    struct samples samples = {.emu = walk->emu, .arena = walk->arena};

    add_givens(walk, scope, &samples);
    for (const char *const *need = calls->needs; *need != NULL; need++) {
        struct reply needed = send_sample(&samples, scope, *need);
        if (needed.error != NULL)
            fail_msg("%s: %s (%s)", *need, needed.error, needed.message);
    }
    struct reply reply = send_sample(
        &samples, scope,
        arena_printf(walk->arena, "%s {%s%s%s}", full_name(walk, calls->create),
                     calls->input, more[0] != '\0' ? "," : "", more));
    if (reply.error == NULL && made != NULL)
        *made = (struct made){.arn = reply_string(reply, walk_path(walk, "arn")),
                              .reply = reply,
                              .samples = samples};
    return reply;
}

struct made walk_make(const struct walk *walk, struct scope scope)
{
    struct made made = {0};
    struct reply reply = walk_create(walk, scope, "", &made);

    if (reply.error != NULL)
        fail_msg("%s: %s (%s)", walk->calls->create, reply.error, reply.message);
    return made;
}

static struct reply call_named(const struct walk *walk, struct scope scope,
                               const char *operation, const char *arn, const char *more)
{
    return emulator_call_as(walk->emu, scope, full_name(walk, operation),
                            "{\"%s\":\"%s\"%s%s}", walk->calls->named_by, arn,
                            more[0] != '\0' ? "," : "", more);
}

struct reply walk_get(const struct walk *walk, struct scope scope, const char *arn)
{
    return call_named(walk, scope, walk->calls->get, arn, "");
}

struct reply walk_update(const struct walk *walk, struct scope scope, const char *arn,
                         const char *more)
{
    return call_named(walk, scope, walk->calls->update, arn,
                      arena_printf(walk->arena, "%s%s%s", walk->calls->update_input,
                                   more[0] != '\0' ? "," : "", more));
}

struct reply walk_delete(const struct walk *walk, struct scope scope, const char *arn)
{
    return call_named(walk, scope, walk->calls->delete, arn, "");
}

struct reply walk_list(const struct walk *walk, struct scope scope,
                       const struct made *made, const char *members)
{
    const char *required = walk->calls->list_input;
    const char *comma = required[0] != '\0' && members[0] != '\0' ? "," : "";
    struct samples samples = {.emu = walk->emu, .arena = walk->arena};

    if (made != NULL)
        samples.seen = made->samples.seen;
    struct sample_request request =
        sample_fill(&samples, arena_printf(walk->arena, "%s {%s%s%s}",
                                           full_name(walk, walk->calls->list), required,
                                           comma, members));
    return sample_send(&samples, scope, &request);
}

struct reply walk_call(const struct walk *walk, struct scope scope, struct made *made,
                       const char *text)
{
    struct reply reply = send_sample(&made->samples, scope, text);

    if (reply.error != NULL)
        fail_msg("%s: %s: %s (%s)", walk->calls->table, text, reply.error, reply.message);
    return reply;
}

static struct reply call_tags(const struct walk *walk, struct scope scope,
                              const char *operation, const char *arn, const char *query,
                              const char *body)
{
    const struct operation *op = walk_operation(walk, operation);
    int length = (int)strcspn(op->uri, "{");

    return emulator_request(
        walk->emu, scope, op->method,
        arena_printf(walk->arena, "%.*s%s%s", length, op->uri, arn, query), body,
        strlen(body));
}

struct reply walk_tag(const struct walk *walk, struct scope scope, const char *arn,
                      const char *tags)
{
    return call_tags(walk, scope, "TagResource", arn, "",
                     arena_printf(walk->arena, "{\"tags\":%s}", tags));
}

struct reply walk_untag(const struct walk *walk, struct scope scope, const char *arn,
                        const char *key)
{
    return call_tags(walk, scope, "UntagResource", arn,
                     arena_printf(walk->arena, "?tagKeys=%s", key), "");
}

struct reply walk_list_tags(const struct walk *walk, struct scope scope, const char *arn)
{
    return call_tags(walk, scope, "ListTagsForResource", arn, "", "");
}

const char *walk_path(const struct walk *walk, const char *member)
{
    const char *resource = walk->calls->member;

    return arena_printf(walk->arena, "%s%s%s", resource,
                        resource[0] != '\0' && member[0] != '\0' ? "." : "", member);
}

const char *walk_list_path(const struct walk *walk, int index, const char *member)
{
    return arena_printf(walk->arena, "%s.%d.%s", walk->calls->list_member, index, member);
}
