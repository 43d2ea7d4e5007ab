/*
 * Which operation of which service a request means.
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/call.h"

/*
 * Sets the call's `op`, `service` and `label` from its method and path. They stay NULL
 * and
 * "" if no operation takes such a request.
 *
 * The services share the path /tags/{resourceArn}. There the kind of the ARN decides
 * which of them answers; an ARN of no known kind goes to the service that the signature
 * is for, then to the one whose host name the caller used, then to the first.
 */
void call_route(struct call *call);

#endif
