/*
 * What the engine needs to know of a call.
 */
#ifndef COMMON_STEP_H
#define COMMON_STEP_H

#include "api/call.h"
#include "base/scope.h"
#include "engine/step.h"
#include "engine/urls.h"

/* Returns a step at the time of the call, in the caller's account and region. */
struct step step_of_call(struct call *call);

/* Returns a step in another account and region, at the time of its own clock. */
struct step step_in_scope(struct call *call, struct scope scope);

/* Returns the style of the URLs in the response. */
struct url_style url_style_of_call(const struct call *call);

#endif
