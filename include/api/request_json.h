/*
 * A recorded call as JSON, for lists and for those who watch.
 */
#ifndef API_REQUEST_JSON_H
#define API_REQUEST_JSON_H

#include <cjson/cJSON.h>

#include "api/request_log.h"
#include "base/arena.h"
#include "base/attrs.h"

/* Without the bodies, which may hold secrets. The caller owns the tree; its texts may be
 * in the arena. */
cJSON *request_json(struct arena *arena, const struct request_entry *entry) NODISCARD;

#endif
