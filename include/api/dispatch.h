/*
 * From a request to an answer: route, read, validate, run, check, commit, print.
 */
#ifndef API_DISPATCH_H
#define API_DISPATCH_H

#include "api/call.h"

/*
 * Answers the call: afterwards its status and its answer are set. A call for which an
 * error was recorded already (a refusal by the front end) is only put into words. Every
 * call is noted in the request log.
 */
void dispatch(struct call *call);

#endif
