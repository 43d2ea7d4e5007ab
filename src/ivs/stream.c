/*
 * Live streams.
 */
#include "engine/stream.h"

#include "api/page.h"
#include "base/timestamp.h"
#include "common/step.h"
#include "common/views.h"
#include "data/stream_session.h"
#include "ivs_internal.h"
#include "shapes_internal.h"

#include <string.h>

enum { METADATA_MAX_BYTES = 1024 };

static const char *const states[] = {"LIVE", "OFFLINE", NULL};
static const struct shape state = {.type = SHAPE_STRING, .values = states};
static const char *const healths[] = {"HEALTHY", "STARVING", "UNKNOWN", NULL};
static const struct shape health = {.type = SHAPE_STRING, .values = healths};

static const struct member one_channel_arn[] = {
    {"channelArn", &ivs_channel_arn, REQUIRED},
    MEMBERS_END
};
static const struct member nothing[] = {MEMBERS_END};

static const struct member stream_members[] = {
    {"channelArn",  &ivs_channel_arn, 0},
    {"streamId",    &ivs_stream_id,   0},
    {"playbackUrl", &shape_string,    0},
    {"startTime",   &shape_timestamp, 0},
    {"state",       &state,           0},
    {"health",      &health,          0},
    {"viewerCount", &shape_long,      0},
    MEMBERS_END
};
static const struct shape stream = STRUCT_OF(stream_members);
static const struct member one_stream[] = {
    {"stream", &stream, 0},
    MEMBERS_END
};
const struct shape ivs_stream_get_in = STRUCT_OF(one_channel_arn);
const struct shape ivs_stream_get_out = STRUCT_OF(one_stream);
const struct shape ivs_stream_stop_in = STRUCT_OF(one_channel_arn);
const struct shape ivs_stream_stop_out = STRUCT_OF(nothing);

static const struct member filter_members[] = {
    {"health", &health, 0},
    MEMBERS_END
};
static const struct shape filter = STRUCT_OF(filter_members);
static const struct member list_in[] = {
    {"filterBy",   &filter,                 0},
    {"nextToken",  &common_next_token,      0},
    {"maxResults", &common_max_results_100, 0},
    MEMBERS_END
};
static const struct member summary_members[] = {
    {"channelArn",  &ivs_channel_arn, 0},
    {"streamId",    &ivs_stream_id,   0},
    {"state",       &state,           0},
    {"health",      &health,          0},
    {"viewerCount", &shape_long,      0},
    {"startTime",   &shape_timestamp, 0},
    MEMBERS_END
};
static const struct shape summary = STRUCT_OF(summary_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_out[] = {
    {"streams",   &summaries,         REQUIRED},
    {"nextToken", &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_stream_list_in = STRUCT_OF(list_in);
const struct shape ivs_stream_list_out = STRUCT_OF(list_out);

static const struct shape metadata = {.type = SHAPE_STRING, .min = 1, .secret = true};
static const struct member put_metadata_in[] = {
    {"channelArn", &ivs_channel_arn, REQUIRED},
    {"metadata",   &metadata,        REQUIRED},
    MEMBERS_END
};
const struct shape ivs_stream_put_metadata_in = STRUCT_OF(put_metadata_in);
const struct shape ivs_stream_put_metadata_out = STRUCT_OF(nothing);

static const struct shape duration = {.type = SHAPE_INTEGER, .min = 1, .max = 300};
static const struct pattern ad_break_id_pattern = {
    .text = "[a-zA-Z0-9]+",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9",
    .example = "abcdABCDefgh",
};
static const struct shape ad_break_id = {
    .type = SHAPE_STRING, .min = 12, .max = 12, .pattern = &ad_break_id_pattern};
static const struct member insert_ad_break_in[] = {
    {"channelArn",      &ivs_channel_arn, REQUIRED},
    {"durationSeconds", &duration,        REQUIRED},
    {"adBreakId",       &ad_break_id,     0       },
    {"targetStartAt",   &shape_timestamp, 0       },
    MEMBERS_END
};
static const struct member insert_ad_break_out[] = {
    {"adBreakId",     &ad_break_id,     0},
    {"targetStartAt", &shape_timestamp, 0},
    MEMBERS_END
};
const struct shape ivs_stream_insert_ad_break_in = STRUCT_OF(insert_ad_break_in);
const struct shape ivs_stream_insert_ad_break_out = STRUCT_OF(insert_ad_break_out);

/* Reads the channel that the call names. */
static int load_channel(struct call *call, struct channel *out)
{
    const char *arn = in_string(call, "channelArn");

    return call_found(call, channel_find(call->txn, call->scope, arn, out), arn);
}

/* Reads the channel and its live session. */
static int load_live(struct call *call, struct channel *channel,
                     struct stream_session *out)
{
    if (load_channel(call, channel) != 0)
        return -1;
    switch (stream_session_find_live(call->txn, call->scope, channel->arn, out)) {
    case DB_ROW:
        return 0;
    case DB_NONE:
        return call_fail_offline(call, in_string(call, "channelArn"));
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}

int ivs_stream_get(struct call *call)
{
    struct stream_session session;
    struct channel channel;

    if (load_live(call, &channel, &session) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "stream",
                          stream_json(call->arena, &session,
                                      playback_url(call->arena, url_style_of_call(call),
                                                   call->scope, channel.id)));
    return 0;
}

int ivs_stream_list(struct call *call)
{
    const char *wanted = json_string_or(in_item(call, "filterBy"), "health", "");
    struct stream_session *rows;
    struct page page;
    size_t count;

    if (page_open(call, 100, wanted, &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, stream_session_list_live(call->txn, call->scope, wanted, page.after,
                                               page.limit + 1, rows, &count)) != 0)
        return -1;
    cJSON *list = cJSON_AddArrayToObject(call->out, "streams");
    for (size_t i = 0; i < count && i < page.limit; i++)
        cJSON_AddItemToArray(list, stream_summary_json(call->arena, &rows[i]));
    if (count > page.limit)
        page_more(call, &page, rows[page.limit - 1].seq);
    return 0;
}

int ivs_stream_stop(struct call *call)
{
    const struct step step = step_of_call(call);
    struct channel channel;

    if (load_channel(call, &channel) != 0)
        return -1;
    switch (stream_end(&step, &channel, NULL)) {
    case STREAM_DONE:
        return 0;
    case STREAM_OFFLINE:
        return call_fail_offline(call, in_string(call, "channelArn"));
    default:
        return call_fail_internal(call);
    }
}

/* Metadata reaches the players, and there are none yet: a caller can see only the
 * validation and the response. Fidelity: ivs-stream-4 */
int ivs_stream_put_metadata(struct call *call)
{
    struct stream_session session;
    struct channel channel;

    if (strlen(in_string(call, "metadata")) > METADATA_MAX_BYTES)
        return call_fail(call, &ERR_VALIDATION, "Metadata size exceeds payload limit");
    return load_live(call, &channel, &session);
}

int ivs_stream_insert_ad_break(struct call *call)
{
    const struct step step = step_of_call(call);
    const char *arn = in_string(call, "channelArn");
    const struct ad_break ad_break = {
        .id = in_string_or(call, "adBreakId",
                           ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS)),
        .starts_at_ms = in_time_ms_or(call, "targetStartAt", call->now_ms),
        .duration_seconds = in_int_or(call, "durationSeconds", 0),
    };
    struct channel channel;

    /* Timestamps are in whole seconds. Fidelity: ivs-stream-3 */
    if (ad_break.starts_at_ms < call->now_ms / 1000 * 1000)
        return call_fail(call, &ERR_VALIDATION,
                         "%s.targetStartAt must not be in the past", call->op->name);
    if (load_channel(call, &channel) != 0)
        return -1;
    switch (stream_insert_ad_break(&step, &channel, &ad_break)) {
    case STREAM_DONE:
        json_add_text(call->out, "adBreakId", ad_break.id);
        json_add_text(call->out, "targetStartAt",
                      timestamp_text(call->arena, ad_break.starts_at_ms));
        return 0;
    case STREAM_OFFLINE:
        return call_fail_offline(call, in_string(call, "channelArn"));
    case STREAM_NO_ADS: /* Fidelity: ivs-stream-2 */
        return call_fail(call, &ERR_VALIDATION, "Channel: %s has no ad configuration",
                         arn);
    case STREAM_AD_BREAK_RUNNING:
        return call_fail(call, &ERR_CONFLICT, "Channel: %s has an ad break running", arn);
    default:
        return call_fail_internal(call);
    }
}
