/*
 * How the engine's events are written: to the session they belong to, and to the list of
 * all events.
 */
#include "base/json.h"
#include "events/publish.h"
#include "stream_internal.h"

enum db_result stream_tell(const struct step *step, const struct stream_session *session,
                           const struct happening *happening, cJSON *detail)
{
    const struct stream_event noted = {
        .name = happening->name,
        .type = happening->type,
        .code = happening->code != NULL ? happening->code : "",
        .time_ms = step->now_ms,
    };
    const struct news news = {
        .detail_type = happening->type,
        .resource_arn = session->channel_arn,
        .time_ms = step->now_ms,
    };

    cJSON_AddStringToObject(detail, "channel_name", happening->channel_name);
    cJSON_AddStringToObject(detail, "stream_id", session->stream_id);
    if (happening->code != NULL)
        cJSON_AddStringToObject(detail, "code", happening->code);
    if (event_publish(step->txn, step->scope, step->ids, &news, detail) == DB_ERROR)
        return DB_ERROR;
    return stream_event_insert(step->txn, session->seq, &noted);
}

enum db_result stream_tell_name(const struct step *step,
                                const struct stream_session *session,
                                const char *channel_name, const char *type,
                                const char *name)
{
    const struct happening happening = {
        .type = type, .name = name, .channel_name = channel_name};
    cJSON *detail = cJSON_CreateObject();

    cJSON_AddStringToObject(detail, "event_name", name);
    return stream_tell(step, session, &happening, detail);
}
