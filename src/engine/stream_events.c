/*
 * Publishes the events of a stream and adds them to its session.
 */
#include "base/json.h"
#include "base/log.h"
#include "events/publish.h"
#include "stream_internal.h"

#include <string.h>

/* How the log reports events. Those of a session are left out: its stream's say the same.
 */
static const struct {
    const char *name, *logged;
} reports[] = {
    {"Stream Start",            "stream started"         },
    {"Stream End",              "stream ended"           },
    {"Stream Failure",          "stream failed"          },
    {"Starvation Start",        "stream is starving"     },
    {"Starvation End",          "stream has recovered"   },
    {"Recording Start",         "recording started"      },
    {"Recording End",           "recording ended"        },
    {"Recording Start Failure", "recording did not start"},
    {"Recording End Failure",   "recording failed"       },
    {"Ad Break Inserted",       "ad break inserted"      },
};

static void log_event(const struct step *step, const struct stream_session *session,
                      const struct stream_event_input *input)
{
    char channel[LOG_QUOTED_BYTES], arn[LOG_QUOTED_BYTES], stream[LOG_QUOTED_BYTES];

    for (size_t i = 0; i < COUNT_OF(reports); i++) {
        if (strcmp(reports[i].name, input->name) == 0)
            txn_log(step->txn, reports[i].logged,
                    "channel=%s arn=%s stream=%s " LOG_SCOPE,
                    log_quoted(input->channel_name, channel),
                    log_quoted(session->channel_arn, arn),
                    log_quoted(session->stream_id, stream), step->scope.account,
                    step->scope.region);
    }
}

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

    log_event(step, session, input);
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
