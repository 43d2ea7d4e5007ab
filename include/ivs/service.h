/*
 * Amazon IVS Low-Latency Streaming: the service `ivs`.
 */
#ifndef IVS_SERVICE_H
#define IVS_SERVICE_H

#include "api/service.h"

extern const struct service ivs_service;

#endif
