#include "events/detail_types.h"

#include "base/json.h"

#include <string.h>

static const char *const stream_states[] = {"Session Created", "Session Ended",
                                            "Stream Start",    "Stream End",
                                            "Stream Failure",  NULL};
static const char *const stream_healths[] = {"Starvation Start", "Starvation End", NULL};
static const char *const limits[] = {"Ingest Bitrate", "Ingest Resolution",
                                     "Concurrent Broadcasts", "Concurrent Viewers", NULL};
static const char *const recording_states[] = {"Recording Start", "Recording End",
                                               "Recording Start Failure",
                                               "Recording End Failure", NULL};
static const char *const ad_break_states[] = {"Ad Break Inserted", NULL};

const struct detail_type detail_types[] = {
    {DETAIL_STREAM_STATE,    "event_name",       stream_states   },
    {DETAIL_STREAM_HEALTH,   "event_name",       stream_healths  },
    {DETAIL_LIMIT_BREACH,    "limit_name",       limits          },
    {DETAIL_RECORDING_STATE, "recording_status", recording_states},
    {DETAIL_AD_BREAK_STATE,  "event_name",       ad_break_states },
};
const size_t detail_types_count = COUNT_OF(detail_types);

const struct detail_type *detail_type_find(const char *name)
{
    for (size_t i = 0; i < detail_types_count; i++) {
        if (strcmp(detail_types[i].name, name) == 0)
            return &detail_types[i];
    }
    return NULL;
}

bool detail_type_has(const struct detail_type *type, const char *event_name)
{
    for (size_t i = 0; type->names[i] != NULL; i++) {
        if (strcmp(type->names[i], event_name) == 0)
            return true;
    }
    return false;
}

const char *detail_type_event_name(const struct detail_type *type, const cJSON *detail)
{
    return json_string_or(detail, type->name_member, NULL);
}
