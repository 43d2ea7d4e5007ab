#include "engine/stream.h"

#include "base/json.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "data/failover_slate_configuration.h"
#include "data/recording_configuration.h"
#include "data/resource.h"
#include "engine/ingest.h"
#include "events/publish.h"
#include "stream_internal.h"

#include <inttypes.h>
#include <string.h>

/* Service quotas of streams. Fidelity: ivs-quotas-3 */
enum { MAX_LIVE_STREAMS = 100, MAX_VIEWERS = 15000 };

enum { STREAM_ID_CHARS = 22 }; /* after st-1; 26 in all */

static cJSON *breach_json(const struct ingest_breach *breach)
{
    cJSON *detail = cJSON_CreateObject();

    /* The user guide names the member limit_name, the published schema of the event
     * limit. Fidelity: ivs-events-1 */
    cJSON_AddStringToObject(detail, "limit_name", breach->limit_name);
    cJSON_AddStringToObject(detail, "limit", breach->limit_name);
    cJSON_AddNumberToObject(detail, "limit_value", (double)breach->limit_value);
    cJSON_AddNumberToObject(detail, "exceeded_by", (double)breach->exceeded_by);
    cJSON_AddStringToObject(detail, "limit_unit", breach->limit_unit);
    return detail;
}

static void log_breach(const struct step *step, const struct ingest_breach *breach)
{
    txn_log(step->txn, "limit exceeded", "limit=\"%s\" value=%" PRId64 " " LOG_SCOPE,
            breach->limit_name, breach->limit_value, step->scope.account,
            step->scope.region);
}

/* A breach by the account as a whole does not name a stream. */
static enum db_result publish_account_breach(const struct step *step,
                                             const struct ingest_breach *breach)
{
    const struct event_input input = {.source = EVENT_SOURCE_IVS,
                                      .detail_type = DETAIL_LIMIT_BREACH,
                                      .resource_arn = "",
                                      .time_ms = step->now_ms};

    log_breach(step, breach);
    return event_publish(step->txn, step->scope, step->ids, &input, breach_json(breach));
}

static const char *over_limit_text(struct arena *arena,
                                   const struct ingest_breach *breach)
{
    return arena_printf(arena, "Service quota exceeded: %s, at most %" PRId64 " %s",
                        breach->limit_name, breach->limit_value, breach->limit_unit);
}

static enum db_result recording_snapshot(const struct step *step,
                                         const struct channel *channel, const char **out)
{
    struct recording_configuration configuration;

    *out = "";
    if (channel->recording_configuration_arn[0] == '\0')
        return DB_DONE;
    if (recording_configuration_find(step->txn, step->scope,
                                     channel->recording_configuration_arn,
                                     &configuration) != DB_ROW)
        return DB_ERROR;
    *out = step->views->recording_configuration(txn_arena(step->txn), &configuration,
                                                step->now_ms);
    return DB_DONE;
}

static enum db_result failover_slate_snapshot(const struct step *step,
                                              const struct channel *channel,
                                              const char **out)
{
    struct failover_slate_configuration configuration;

    *out = "";
    if (channel->failover_slate_configuration_arn[0] == '\0')
        return DB_DONE;
    if (failover_slate_configuration_find(step->txn, step->scope,
                                          channel->failover_slate_configuration_arn,
                                          &configuration) != DB_ROW)
        return DB_ERROR;
    *out = step->views->failover_slate_configuration(txn_arena(step->txn), &configuration,
                                                     step->now_ms);
    return DB_DONE;
}

static enum db_result open_session(const struct step *step, const struct channel *channel,
                                   const struct stream_input *input,
                                   struct stream_session *out)
{
    struct arena *arena = txn_arena(step->txn);

    *out = (struct stream_session){
        .channel_arn = channel->arn,
        .stream_id =
            arena_printf(arena, "st-1%s", ids_alnum(step->ids, arena, STREAM_ID_CHARS)),
        .started_at_ms = step->now_ms,
        .health = input->health,
        .viewer_count = input->viewer_count,
        .channel_snapshot = step->views->channel(arena, channel),
        .ingest_configuration = input->ingest_configuration,
    };
    if (recording_snapshot(step, channel, &out->recording_snapshot) == DB_ERROR ||
        failover_slate_snapshot(step, channel, &out->failover_slate_snapshot) ==
            DB_ERROR ||
        stream_session_insert(step->txn, step->scope, out) == DB_ERROR)
        return DB_ERROR;
    return stream_publish_named_event(step, out, channel->name, DETAIL_STREAM_STATE,
                                      "Session Created");
}

/* The encoder exceeds the limits of its channel: it is disconnected. */
static enum db_result disconnect_encoder(const struct step *step,
                                         const struct channel *channel,
                                         const struct ingest_breach *breach,
                                         struct stream_session *session)
{
    const struct stream_event_input input = {.type = DETAIL_LIMIT_BREACH,
                                             .name = breach->limit_name,
                                             .channel_name = channel->name};

    session->has_error_event = true;
    session->ended_at_ms = step->now_ms;
    log_breach(step, breach);
    if (stream_publish_event(step, session, &input, breach_json(breach)) == DB_ERROR ||
        stream_publish_named_event(step, session, channel->name, DETAIL_STREAM_STATE,
                                   "Session Ended") == DB_ERROR)
        return DB_ERROR;
    return stream_session_update(step->txn, step->scope, session);
}

/* Publishes an event if the viewers of all streams have just exceeded the account's
 * limit. */
static enum db_result check_viewers(const struct step *step, int64_t before)
{
    struct ingest_breach breach = {"Concurrent Viewers", "viewers", MAX_VIEWERS, 0};
    int64_t after;

    if (stream_session_viewers(step->txn, step->scope, &after) == DB_ERROR)
        return DB_ERROR;
    if (!step->quotas || before > MAX_VIEWERS || after <= MAX_VIEWERS)
        return DB_DONE;
    breach.exceeded_by = after - MAX_VIEWERS;
    return publish_account_breach(step, &breach);
}

static enum db_result go_live(const struct step *step, const struct channel *channel,
                              struct stream_session *session)
{
    int64_t viewers;

    if (stream_session_viewers(step->txn, step->scope, &viewers) == DB_ERROR ||
        stream_publish_named_event(step, session, channel->name, DETAIL_STREAM_STATE,
                                   "Stream Start") == DB_ERROR ||
        recording_begin_stream(step, channel, session) == DB_ERROR ||
        stream_session_update(step->txn, step->scope, session) == DB_ERROR ||
        check_viewers(step, viewers - session->viewer_count) == DB_ERROR)
        return DB_ERROR;
    if (strcmp(session->health, "STARVING") != 0)
        return DB_DONE;
    return stream_publish_named_event(step, session, channel->name, DETAIL_STREAM_HEALTH,
                                      "Starvation Start");
}

/* Returns STREAM_DONE if one more stream may go live. */
static enum stream_outcome check_live_streams(const struct step *step, const char **why)
{
    const struct ingest_breach breach = {"Concurrent Broadcasts", "active streams",
                                         MAX_LIVE_STREAMS, 1};
    int64_t live;

    if (resource_count(step->txn, step->scope, "stream", &live) == DB_ERROR)
        return STREAM_FAILED;
    if (!step->quotas || live < MAX_LIVE_STREAMS)
        return STREAM_DONE;
    *why = over_limit_text(txn_arena(step->txn), &breach);
    return publish_account_breach(step, &breach) == DB_ERROR ? STREAM_FAILED
                                                             : STREAM_OVER_LIMIT;
}

enum stream_outcome stream_start(const struct step *step, const struct channel *channel,
                                 const struct stream_input *input,
                                 struct stream_session *out, const char **why)
{
    const struct ingest_breach breach =
        ingest_check(channel->type, channel->multitrack_input_configuration,
                     input->ingest_configuration);

    switch (stream_session_find_live(step->txn, step->scope, channel->arn, out)) {
    case DB_ROW:
        return STREAM_LIVE_ALREADY;
    case DB_ERROR:
        return STREAM_FAILED;
    case DB_NONE:
    case DB_DONE:
        break;
    }
    enum stream_outcome room = check_live_streams(step, why);
    if (room != STREAM_DONE)
        return room;
    if (recording_finish_overdue(step, channel->arn) == DB_ERROR ||
        open_session(step, channel, input, out) == DB_ERROR)
        return STREAM_FAILED;
    if (breach.limit_name == NULL)
        return go_live(step, channel, out) == DB_ERROR ? STREAM_FAILED : STREAM_DONE;
    *why = over_limit_text(txn_arena(step->txn), &breach);
    return disconnect_encoder(step, channel, &breach, out) == DB_ERROR
               ? STREAM_FAILED
               : STREAM_OVER_LIMIT;
}

/* Returns STREAM_DONE and sets *out to the live session. */
static enum stream_outcome find_live_session(const struct step *step,
                                             const struct channel *channel,
                                             struct stream_session *out)
{
    switch (stream_session_find_live(step->txn, step->scope, channel->arn, out)) {
    case DB_ROW:
        return STREAM_DONE;
    case DB_NONE:
        return STREAM_OFFLINE;
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return STREAM_FAILED;
}

static enum db_result change_health(const struct step *step,
                                    const struct channel *channel,
                                    struct stream_session *session, const char *health)
{
    bool starved = strcmp(session->health, "STARVING") == 0;
    bool starves = strcmp(health, "STARVING") == 0;

    session->health = health;
    if (starved == starves)
        return DB_DONE;
    return stream_publish_named_event(step, session, channel->name, DETAIL_STREAM_HEALTH,
                                      starves ? "Starvation Start" : "Starvation End");
}

enum stream_outcome stream_update(const struct step *step, const struct channel *channel,
                                  const int64_t *viewer_count, const char *health,
                                  struct stream_session *out)
{
    enum stream_outcome live = find_live_session(step, channel, out);
    int64_t viewers;

    if (live != STREAM_DONE)
        return live;
    if (stream_session_viewers(step->txn, step->scope, &viewers) == DB_ERROR)
        return STREAM_FAILED;
    if (viewer_count != NULL)
        out->viewer_count = *viewer_count;
    if (health != NULL && change_health(step, channel, out, health) == DB_ERROR)
        return STREAM_FAILED;
    if (stream_session_update(step->txn, step->scope, out) == DB_ERROR ||
        check_viewers(step, viewers) == DB_ERROR)
        return STREAM_FAILED;
    return STREAM_DONE;
}

static enum db_result publish_failure(const struct step *step,
                                      const struct channel *channel,
                                      const struct stream_session *session,
                                      const char *reason)
{
    const struct stream_event_input input = {.type = DETAIL_STREAM_STATE,
                                             .name = "Stream Failure",
                                             .channel_name = channel->name};
    cJSON *detail = cJSON_CreateObject();

    cJSON_AddStringToObject(detail, "event_name", input.name);
    cJSON_AddStringToObject(detail, "reason", reason);
    return stream_publish_event(step, session, &input, detail);
}

enum stream_outcome stream_end(const struct step *step, const struct channel *channel,
                               const char *failure)
{
    struct stream_session session;
    enum stream_outcome live = find_live_session(step, channel, &session);

    if (live != STREAM_DONE)
        return live;
    session.ended_at_ms = step->now_ms;
    if (failure != NULL) { /* Fidelity: ivs-lifecycle-1 */
        session.has_error_event = true;
        if (publish_failure(step, channel, &session, failure) == DB_ERROR)
            return STREAM_FAILED;
    }
    if (stream_publish_named_event(step, &session, channel->name, DETAIL_STREAM_STATE,
                                   "Session Ended") == DB_ERROR ||
        stream_publish_named_event(step, &session, channel->name, DETAIL_STREAM_STATE,
                                   "Stream End") == DB_ERROR ||
        stream_session_update(step->txn, step->scope, &session) == DB_ERROR ||
        recording_end_stream(step, &session) == DB_ERROR)
        return STREAM_FAILED;
    return STREAM_DONE;
}

static enum db_result publish_ad_break(const struct step *step,
                                       const struct channel *channel,
                                       const struct stream_session *session,
                                       const struct ad_break *ad_break)
{
    const struct stream_event_input input = {.type = DETAIL_AD_BREAK_STATE,
                                             .name = "Ad Break Inserted",
                                             .channel_name = channel->name};
    cJSON *detail = cJSON_CreateObject();

    cJSON_AddStringToObject(detail, "event_name", input.name);
    cJSON_AddStringToObject(detail, "ad_break_id", ad_break->id);
    cJSON_AddNumberToObject(detail, "duration_seconds",
                            (double)ad_break->duration_seconds);
    cJSON_AddStringToObject(detail, "target_start_time",
                            timestamp_text(txn_arena(step->txn), ad_break->starts_at_ms));
    return stream_publish_event(step, session, &input, detail);
}

enum stream_outcome stream_insert_ad_break(const struct step *step,
                                           const struct channel *channel,
                                           const struct ad_break *ad_break)
{
    struct stream_session session;
    enum stream_outcome live = find_live_session(step, channel, &session);

    if (live != STREAM_DONE)
        return live;
    if (channel->ad_configuration_arn[0] == '\0')
        return STREAM_NO_ADS;
    if (step->now_ms < session.ad_break_until_ms)
        return STREAM_AD_BREAK_RUNNING;
    session.ad_break_until_ms =
        ad_break->starts_at_ms + ad_break->duration_seconds * 1000;
    if (stream_session_update(step->txn, step->scope, &session) == DB_ERROR ||
        publish_ad_break(step, channel, &session, ad_break) == DB_ERROR)
        return STREAM_FAILED;
    return STREAM_DONE;
}

enum db_result stream_forget_channel(const struct step *step,
                                     const struct channel *channel)
{
    struct recording waiting;

    if (recording_finish_overdue(step, channel->arn) == DB_ERROR)
        return DB_ERROR;
    enum db_result found = recording_find(step->txn, step->scope, channel->arn, &waiting);
    if (found != DB_ROW)
        return found == DB_ERROR ? DB_ERROR : DB_DONE;
    return recording_finish(step, &waiting);
}
