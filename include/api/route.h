/*
 * Routing: finds the operation and the service of a request.
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/call.h"

/*
 * Sets the call's `op`, `service` and `label` from its method and path. If no operation
 * matches, `op` and `service` stay NULL and `label` stays "". A HEAD request matches what
 * GET matches. A path that begins with the path of an endpoint URL, or with a second
 * slash, matches what the rest of it matches.
 *
 * The services share the path /tags/{resourceArn}. There the kind of the ARN selects the
 * service. An ARN of an unknown kind goes to a service that has ARNs like it, such as
 * arn:aws:ivschat:...; between several of them, or if there is none, the service that the
 * signature is for is selected, then the one whose host name the caller used, then the
 * first.
 */
void call_route(struct call *call);

/*
 * Sets the call's `op` and `service` from the name of an operation, as operation_find()
 * does. If operations of several services have the name, the service is selected that
 * owns the kind of the ARN in the member `resourceArn` of the call's input. Returns NULL,
 * or why there is no such operation, in the arena; `op` is then NULL.
 */
const char *call_route_by_name(struct call *call, const char *name);

#endif
