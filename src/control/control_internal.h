/*
 * Shared by the files of this service: the handlers and shapes of its table, and what
 * several of them use.
 */
#ifndef CONTROL_CONTROL_INTERNAL_H
#define CONTROL_CONTROL_INTERNAL_H

#include "common/operations.h"
#include "scope_internal.h"

#define OP(Name, METHOD, uri, status, access, handler)                                   \
    OPERATION_DECLARED(control, handler)
#include "operations.def"
#undef OP

/* Refuses a name that selects no operation of AWS (base/operation_name.h). NULL, which
 * selects all, is fine. */
int check_operation_name(struct call *call, const char *name) NODISCARD;

/* Refuses a detail type, or an event name of that type, that no event has. NULL is any.
 * `place` is what has the members detailType and eventName, for messages. */
int check_event_names(struct call *call, const char *place, const char *detail_type,
                      const char *event_name) NODISCARD;

/* A list of events in their envelopes. */
extern const struct shape control_envelopes;

/* Adds to the body of an error what it has besides the message. */
void control_add_error_members(const struct call *call, cJSON *body);

#endif
