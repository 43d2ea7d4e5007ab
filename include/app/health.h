/*
 * The command `ivs-local health`: for container health checks and scripts.
 */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "app/config.h"

/*
 * Returns 0 if a server on this machine reports within a few seconds, on the configured
 * port, that it is healthy. Otherwise prints the reason to standard error, in one line,
 * and returns 1.
 */
int health_check(const struct config *config);

#endif
