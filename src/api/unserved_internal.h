/*
 * Calls that no operation of this program serves.
 */
#ifndef API_UNSERVED_INTERNAL_H
#define API_UNSERVED_INTERNAL_H

#include "api/call.h"
#include "base/attrs.h"

/*
 * Returns 0 if the operation that the routed call was given can serve it. Otherwise
 * records an error that says what was probably meant, and returns -1: 501 for what AWS
 * has and this program does not emulate, 404 for everything else.
 */
int refuse_unserved(struct call *call) NODISCARD;

#endif
