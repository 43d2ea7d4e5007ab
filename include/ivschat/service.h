/*
 * Amazon IVS Chat: the service `ivschat`.
 */
#ifndef IVSCHAT_SERVICE_H
#define IVSCHAT_SERVICE_H

#include "api/service.h"

extern const struct service ivschat_service;

#endif
