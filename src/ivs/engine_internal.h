/*
 * What a call of this service gives to the engine.
 */
#ifndef IVS_ENGINE_INTERNAL_H
#define IVS_ENGINE_INTERNAL_H

#include "api/call.h"
#include "engine/step.h"
#include "engine/urls.h"

struct step ivs_step(struct call *call);

struct url_style ivs_url_style(struct call *call);

#endif
