/*
 * StartStream, UpdateStream, EndStream: simulate an encoder.
 */
#include "common/step.h"
#include "common/views.h"
#include "control_internal.h"
#include "data/stream_key.h"
#include "engine/ingest.h"
#include "engine/stream.h"

enum { MAX_BITRATE = 1000000000, MAX_EDGE = 100000 };

static const struct pattern arn_pattern = {
    .text = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:channel/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &channel_arn_kind,
    .example = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh",
};
static const struct shape arn = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &arn_pattern};
static const struct shape stream_key = {
    .type = SHAPE_STRING, .min = 1, .max = 256, .secret = true};
static const struct shape viewer_count = {.type = SHAPE_INTEGER, .max = INT32_MAX};
static const char *const healths[] = {"HEALTHY", "STARVING", "UNKNOWN", NULL};
static const struct shape health = {.type = SHAPE_STRING, .values = healths};
static const struct shape text = {.type = SHAPE_STRING, .max = 128};
static const struct shape bitrate = {.type = SHAPE_INTEGER, .max = MAX_BITRATE};
static const struct shape edge = {.type = SHAPE_INTEGER, .min = 1, .max = MAX_EDGE};
static const struct shape small = {.type = SHAPE_INTEGER, .max = 1000};
static const struct shape rate = {.type = SHAPE_INTEGER, .max = 1000000};

static const struct member video_members[] = {
    {"avcProfile",      &text,    0},
    {"avcLevel",        &text,    0},
    {"codec",           &text,    0},
    {"encoder",         &text,    0},
    {"targetBitrate",   &bitrate, 0},
    {"targetFramerate", &small,   0},
    {"videoHeight",     &edge,    0},
    {"videoWidth",      &edge,    0},
    {"level",           &text,    0},
    {"track",           &text,    0},
    {"profile",         &text,    0},
    MEMBERS_END
};
static const struct shape video = STRUCT_OF(video_members);
static const struct member audio_members[] = {
    {"codec",         &text,    0},
    {"targetBitrate", &bitrate, 0},
    {"sampleRate",    &rate,    0},
    {"channels",      &small,   0},
    {"track",         &text,    0},
    MEMBERS_END
};
static const struct shape audio = STRUCT_OF(audio_members);
static const struct member ingest_members[] = {
    {"video", &video, 0},
    {"audio", &audio, 0},
    MEMBERS_END
};
static const struct shape ingest = STRUCT_OF(ingest_members);

static const struct member start_in[] = {
    {"channelArn",          &arn,          0},
    {"streamKey",           &stream_key,   0},
    {"viewerCount",         &viewer_count, 0},
    {"health",              &health,       0},
    {"ingestConfiguration", &ingest,       0},
    SCOPE_IN,
    MEMBERS_END
};
static const struct member stream_members[] = {
    {"channelArn",  &shape_string,    REQUIRED},
    {"streamId",    &shape_string,    REQUIRED},
    {"playbackUrl", &shape_string,    REQUIRED},
    {"startTime",   &shape_timestamp, REQUIRED},
    {"state",       &shape_string,    REQUIRED},
    {"health",      &health,          REQUIRED},
    {"viewerCount", &viewer_count,    REQUIRED},
    MEMBERS_END
};
static const struct shape stream = STRUCT_OF(stream_members);
static const struct member one_stream[] = {
    {"stream", &stream, REQUIRED},
    SCOPE_OUT, MEMBERS_END
};
const struct shape control_stream_start_in = STRUCT_OF(start_in);
const struct shape control_stream_start_out = STRUCT_OF(one_stream);

static const struct member update_in[] = {
    {"channelArn",  &arn,          REQUIRED},
    {"viewerCount", &viewer_count, 0       },
    {"health",      &health,       0       },
    SCOPE_IN,
    MEMBERS_END
};
const struct shape control_stream_update_in = STRUCT_OF(update_in);
const struct shape control_stream_update_out = STRUCT_OF(one_stream);

static const struct shape reason = {.type = SHAPE_STRING, .min = 1, .max = 256};
static const struct member end_in[] = {
    {"channelArn", &arn,    REQUIRED},
    {"failure",    &reason, 0       },
    SCOPE_IN, MEMBERS_END
};
static const struct member nothing[] = {MEMBERS_END};
const struct shape control_stream_end_in = STRUCT_OF(end_in);
const struct shape control_stream_end_out = STRUCT_OF(nothing);

/* A channel and the step that changes it, in the scope of the channel, not the
 * caller. */
struct target {
    struct channel channel;
    struct step step;
};

/* The call works on the scope of the channel already. */
static int find_by_arn(struct call *call, const char *channel_arn, struct target *out)
{
    out->step = step_of_call(call);
    return call_found(call,
                      channel_find(call->txn, call->scope, channel_arn, &out->channel),
                      channel_arn);
}

static int find_by_key(struct call *call, const char *value, struct target *out)
{
    const char *channel_arn;
    struct scope scope;

    switch (stream_key_find_channel(call->txn, value, &channel_arn)) {
    case DB_ROW:
        if (arn_scope(call->arena, channel_arn, &scope) != 0)
            break;
        return control_enter_scope(call, scope) == 0 ? find_by_arn(call, channel_arn, out)
                                                     : -1;
    case DB_NONE:
        return call_fail(call, &ERR_NOT_FOUND, "No channel has this stream key");
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}

static int find_target(struct call *call, struct target *out)
{
    const char *channel_arn = in_string(call, "channelArn");
    const char *key = in_string(call, "streamKey");

    if ((channel_arn != NULL) == (key != NULL))
        return call_fail(call, &ERR_VALIDATION, "%s takes either channelArn or streamKey",
                         call->op->name);
    return key != NULL ? find_by_key(call, key, out)
                       : find_by_arn(call, channel_arn, out);
}

static int add_stream(struct call *call, const struct target *target,
                      const struct stream_session *session)
{
    const char *url = playback_url(call->arena, url_style_of_call(call),
                                   target->step.scope, target->channel.id);

    cJSON_AddItemToObject(call->out, "stream", stream_json(call->arena, session, url));
    return 0;
}

int control_stream_start(struct call *call)
{
    const struct stream_input input = {
        .viewer_count = in_int_or(call, "viewerCount", 0),
        .health = in_string_or(call, "health", "HEALTHY"),
        .ingest_configuration =
            ingest_text(call->arena, in_item(call, "ingestConfiguration")),
    };
    struct stream_session session;
    struct target target = {0};
    const char *why;

    if (find_target(call, &target) != 0)
        return -1;
    switch (stream_start(&target.step, &target.channel, &input, &session, &why)) {
    case STREAM_DONE:
        return add_stream(call, &target, &session);
    case STREAM_LIVE_ALREADY:
        return call_fail(call, &ERR_CONFLICT, "Channel: %s is already live",
                         target.channel.arn);
    case STREAM_OVER_LIMIT:
        call->keep_changes = true; /* the events about it */
        return call_fail(call, &ERR_QUOTA, "%s", why);
    default:
        return call_fail_internal(call);
    }
}

int control_stream_update(struct call *call)
{
    int64_t viewers = in_int_or(call, "viewerCount", 0);
    struct stream_session session;
    struct target target = {0};

    if (find_by_arn(call, in_string(call, "channelArn"), &target) != 0)
        return -1;
    switch (stream_update(&target.step, &target.channel,
                          in_has(call, "viewerCount") ? &viewers : NULL,
                          in_string(call, "health"), &session)) {
    case STREAM_DONE:
        return add_stream(call, &target, &session);
    case STREAM_OFFLINE:
        return call_fail_offline(call, target.channel.arn);
    default:
        return call_fail_internal(call);
    }
}

int control_stream_end(struct call *call)
{
    struct target target = {0};

    if (find_by_arn(call, in_string(call, "channelArn"), &target) != 0)
        return -1;
    switch (stream_end(&target.step, &target.channel, in_string(call, "failure"))) {
    case STREAM_DONE:
        return 0;
    case STREAM_OFFLINE:
        return call_fail_offline(call, target.channel.arn);
    default:
        return call_fail_internal(call);
    }
}
