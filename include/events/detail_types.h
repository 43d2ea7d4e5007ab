/*
 * The kinds of events that are published: their detail types, and how the events of each
 * are named.
 */
#ifndef EVENTS_DETAIL_TYPES_H
#define EVENTS_DETAIL_TYPES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"

#define DETAIL_STREAM_STATE "IVS Stream State Change"
#define DETAIL_STREAM_HEALTH "IVS Stream Health Change"
#define DETAIL_LIMIT_BREACH "IVS Limit Breach"
#define DETAIL_RECORDING_STATE "IVS Recording State Change"
#define DETAIL_AD_BREAK_STATE "IVS Ad Break State Change"

struct detail_type {
    const char *name;         /* as in detail-type of the envelope */
    const char *name_member;  /* the member of the detail that names the event */
    const char *const *names; /* of the events; ends with NULL */
};

extern const struct detail_type detail_types[];
extern const size_t detail_types_count;

/* Returns the detail type with that name, or NULL. */
const struct detail_type *detail_type_find(const char *name) NODISCARD;

/* Whether events of this type have that name. */
bool detail_type_has(const struct detail_type *type, const char *event_name) NODISCARD;

/* The name of the event with this detail, which owns it; NULL: it has none. */
const char *detail_type_event_name(const struct detail_type *type,
                                   const cJSON *detail) NODISCARD;

#endif
