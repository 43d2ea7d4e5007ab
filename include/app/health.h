/*
 * The command `ivs-local health`: for container health checks and scripts.
 */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "app/config.h"

/* The URL at which the configured server can be reached, in the arena. */
const char *health_url(const struct config *config, struct arena *arena) NODISCARD;

/*
 * Returns 0 if a server on this machine reports within a few seconds, on the configured
 * port, that it is healthy. Otherwise prints the reason to standard error, in one line,
 * and returns 1.
 */
int health_check(const struct config *config);

#endif
