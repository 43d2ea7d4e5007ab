/*
 * What a call meets before its input is looked at: faults, then call rates.
 */
#ifndef API_GUARD_INTERNAL_H
#define API_GUARD_INTERNAL_H

#include "api/call.h"

/*
 * 0: the call goes on; a fault may have struck it all the same (call->fault). -1: it does
 * not run. An error is recorded then, or the fault keeps the answer from being sent.
 * call->in is the body as it came: not validated, and NULL if it is no JSON.
 */
int guard(struct call *call) NODISCARD;

#endif
