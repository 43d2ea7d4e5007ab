#include "data/viewer_session_revocation.h"

#include "data/channel.h"
#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

static const struct shape viewer_id = {.type = SHAPE_STRING, .min = 1, .max = 40};
static const struct shape version = {.type = SHAPE_INTEGER, .max = INT32_MAX};

static const struct member start_in[] = {
    {"channelArn",                             &ivs_channel_arn, REQUIRED},
    {"viewerId",                               &viewer_id,       REQUIRED},
    {"viewerSessionVersionsLessThanOrEqualTo", &version,         0       },
    MEMBERS_END
};
const struct shape ivs_viewer_session_revocation_start_in = STRUCT_OF(start_in);
const struct shape ivs_viewer_session_revocation_start_out = STRUCT_OF(common_nothing);

static const struct shape session = STRUCT_OF(start_in);
static const struct shape session_list = {
    .type = SHAPE_LIST, .min = 1, .max = 20, .item = &session};
static const struct member batch_start_in[] = {
    {"viewerSessions", &session_list, REQUIRED},
    MEMBERS_END
};
static const struct member error_members[] = {
    {"channelArn", &ivs_channel_arn, REQUIRED},
    {"viewerId",   &viewer_id,       REQUIRED},
    {"code",       &shape_string,    0       },
    {"message",    &shape_string,    0       },
    MEMBERS_END
};
static const struct shape error_shape = STRUCT_OF(error_members);
static const struct shape errors = LIST_OF(error_shape);
static const struct member batch_start_out[] = {
    {"errors", &errors, 0},
    MEMBERS_END
};
const struct shape ivs_viewer_session_revocation_batch_start_in =
    STRUCT_OF(batch_start_in);
const struct shape ivs_viewer_session_revocation_batch_start_out =
    STRUCT_OF(batch_start_out);

/* Reads the input of a call or of an element of its batch. */
static struct viewer_session_revocation read_revocation(const struct call *call,
                                                        const cJSON *from)
{
    const cJSON *most =
        cJSON_GetObjectItemCaseSensitive(from, "viewerSessionVersionsLessThanOrEqualTo");

    return (struct viewer_session_revocation){
        .channel_arn = json_string_or(from, "channelArn", ""),
        .viewer_id = json_string_or(from, "viewerId", ""),
        .version = most != NULL ? (int64_t)most->valuedouble : 0,
        .revoked_at_ms = call->now_ms,
    };
}

/* Returns DB_ROW if the session is revoked, or DB_NONE if there is no such channel. It
 * does not matter whether the channel is private or who has watched it.
 * Fidelity: ivs-revocation-1 */
static enum db_result revoke_session(struct call *call,
                                     const struct viewer_session_revocation *revocation)
{
    struct channel channel;
    enum db_result found =
        channel_find(call->txn, call->scope, revocation->channel_arn, &channel);

    if (found != DB_ROW)
        return found;
    if (viewer_session_revocation_raise(call->txn, call->scope, revocation) == DB_ERROR)
        return DB_ERROR;
    return DB_ROW;
}

int ivs_viewer_session_revocation_start(struct call *call)
{
    struct viewer_session_revocation revocation = read_revocation(call, call->in);

    return call_found(call, revoke_session(call, &revocation), revocation.channel_arn);
}

int ivs_viewer_session_revocation_batch_start(struct call *call)
{
    const cJSON *element;

    cJSON_ArrayForEach(element, in_item(call, "viewerSessions")) {
        struct viewer_session_revocation revocation = read_revocation(call, element);
        switch (revoke_session(call, &revocation)) {
        case DB_ROW:
            break;
        case DB_NONE:
            ivs_batch_viewer_not_found(call, revocation.channel_arn,
                                       revocation.viewer_id);
            break;
        case DB_DONE:
        case DB_ERROR:
            return call_fail_internal(call);
        }
    }
    return 0;
}
