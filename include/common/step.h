/*
 * What a call gives to the engine.
 */
#ifndef COMMON_STEP_H
#define COMMON_STEP_H

#include "api/call.h"
#include "base/scope.h"
#include "engine/step.h"
#include "engine/urls.h"

/* A step at the time of the call, in the caller's account and region. */
struct step step_of_call(struct call *call);

/* A step in another account and region, at the time of its own clock. */
struct step step_in_scope(struct call *call, struct scope scope);

/* How the URLs of the answer look. */
struct url_style url_style_of_call(const struct call *call);

#endif
