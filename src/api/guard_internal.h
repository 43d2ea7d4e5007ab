/*
 * The checks before the input of a call is validated: faults, then call rates.
 */
#ifndef API_GUARD_INTERNAL_H
#define API_GUARD_INTERNAL_H

#include "api/call.h"

/*
 * Returns 0 if the call may run; a fault may apply nevertheless (call->fault). Returns -1
 * if it must not run: an error is recorded, or the fault prevents the response. call->in
 * is the body as it was sent: not validated, and NULL if it is not JSON.
 */
int guard(struct call *call) NODISCARD;

#endif
