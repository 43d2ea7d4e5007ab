/*
 * The control API under /_ivs-local/, for tests and for people.
 */
#ifndef CONTROL_SERVICE_H
#define CONTROL_SERVICE_H

#include "api/service.h"

extern const struct service control_service;

#endif
