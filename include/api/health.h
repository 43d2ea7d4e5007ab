/*
 * The result of the last health check, so that the log reports each change of it once.
 */
#ifndef API_HEALTH_H
#define API_HEALTH_H

#include "base/attrs.h"

struct health;

/* A server that is well. */
struct health *health_new(void) NODISCARD;

/* NULL is accepted. */
void health_free(struct health *health);

/* Notes the result of a check: why the server is not well, or NULL if it is. Logs a
 * warning if the result differs from the last one. Any thread may call it. */
void health_note(struct health *health, const char *why);

#endif
