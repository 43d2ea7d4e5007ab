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

/*
 * Runs a call that is a part of another: made by call_init_part(), with `service`, `op`
 * (one with READ or WRITE) and `in` (an object) set. It is validated and checked as if it
 * came by itself, in the transaction of the whole. 0: the answer is printed. -1: the
 * error is recorded, and the whole must fail as well, for what the part wrote is there.
 */
int dispatch_part(struct call *part) NODISCARD;

#endif
