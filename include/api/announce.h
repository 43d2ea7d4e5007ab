/*
 * Telling those who watch the server of calls, faults and clocks. While nobody watches,
 * these functions do nothing.
 */
#ifndef API_ANNOUNCE_H
#define API_ANNOUNCE_H

#include <cjson/cJSON.h>

#include "api/call.h"
#include "api/request_log.h"
#include "base/scope.h"

/* A call that has a response, as it was recorded: without its bodies, but with the
 * message of its error. */
void announce_request(const struct call *call, const struct request_entry *entry);

/* A fault of the scope was put, as it is listed. */
void announce_fault_put(const struct call *call, struct scope scope, const cJSON *fault);

/* A fault of the caller's scope was deleted; NULL: all. */
void announce_fault_deleted(const struct call *call, const char *fault_id);

/* A fault was applied to the call. */
void announce_fault_applied(const struct call *call, const char *fault_id);

/* The clock of the caller's scope was moved or reset. */
void announce_clock(const struct call *call);

#endif
