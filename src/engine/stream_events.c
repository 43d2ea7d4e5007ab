/*
 * Publishes the events of a stream and adds them to its session.
 */
#include "base/json.h"
#include "events/publish.h"
#include "stream_internal.h"

enum db_result stream_publish_event(const struct step *step,
                                    const struct stream_session *session,
                                    const struct stream_event_input *input, cJSON *detail)
{
    const struct stream_event stored = {
        .name = input->name,
        .type = input->type,
        .code = input->code != NULL ? input->code : "",
        .time_ms = step->now_ms,
    };
    const struct event_input published = {
        .source = EVENT_SOURCE_IVS,
        .detail_type = input->type,
        .resource_arn = session->channel_arn,
        .time_ms = step->now_ms,
    };

    cJSON_AddStringToObject(detail, "channel_name", input->channel_name);
    cJSON_AddStringToObject(detail, "stream_id", session->stream_id);
    if (input->code != NULL)
        cJSON_AddStringToObject(detail, "code", input->code);
    if (event_publish(step->txn, step->scope, step->ids, &published, detail) == DB_ERROR)
        return DB_ERROR;
    return stream_event_insert(step->txn, session->seq, &stored);
}

enum db_result stream_publish_named_event(const struct step *step,
                                          const struct stream_session *session,
                                          const char *channel_name, const char *type,
                                          const char *name)
{
    const struct stream_event_input input = {
        .type = type, .name = name, .channel_name = channel_name};
    cJSON *detail = cJSON_CreateObject();

    cJSON_AddStringToObject(detail, "event_name", name);
    return stream_publish_event(step, session, &input, detail);
}
