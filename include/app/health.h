/*
 * The command `ivs-local health`: for container health checks and scripts.
 */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "app/config.h"

/*
 * 0 if a server on this machine answers healthy on the configured port within a few
 * seconds, else 1.
 */
int health_check(const struct config *config);

#endif
