/*
 * From a request to a response: route, read, validate, run, check, commit, print.
 */
#ifndef API_DISPATCH_H
#define API_DISPATCH_H

#include "api/call.h"

/*
 * Runs the call and sets its status and response. If an error was already recorded (by
 * the front end), the call does not run and the error is only formatted. Every call is
 * added to the request log.
 */
void dispatch(struct call *call);

/*
 * Runs a call that is a part of another: made by call_init_part(), with `service`, `op`
 * (one with READ or WRITE) and `in` (an object) set. It is validated and checked like a
 * separate call, in the transaction of the whole. Returns 0 and sets the response, or -1
 * with the error recorded: the whole must then fail as well, because the part's changes
 * are still in the transaction.
 */
int dispatch_part(struct call *part) NODISCARD;

#endif
