/*
 * The account and region that a call of the control API works on.
 */
#ifndef CONTROL_SCOPE_INTERNAL_H
#define CONTROL_SCOPE_INTERNAL_H

#include "api/call.h"

extern const struct shape control_account;
extern const struct shape control_region;

/* clang-format off */
/* The members that every input and every output has, and those of a list. */
#define SCOPE_IN                                                                         \
    {"account", &control_account, 0},                                                    \
    {"region", &control_region, 0}
#define SCOPE_OUT                                                                        \
    {"account", &control_account, REQUIRED},                                             \
    {"region", &control_region, REQUIRED}
#define LIST_SCOPE_IN {"allAccounts", &shape_boolean, 0}, SCOPE_IN
#define LIST_SCOPE_OUT SCOPE_IN /* a list of all accounts names none */
/* clang-format on */

/* Sets the scope of a call according to its valid input. -1: an error is recorded. */
int control_choose_scope(struct call *call) NODISCARD;

/* Makes the call work on this scope, which a resource determines. -1: the input names
 * another one, and an error is recorded. */
int control_enter_scope(struct call *call, struct scope scope) NODISCARD;

/* Adds the scope to a successful response that has a body. */
void control_name_scope(struct call *call);

/* Whether the call is about all accounts and regions. */
bool control_is_for_all(const struct call *call);

/*
 * Adds a `warning` to the response, and a line to the log, if no call has been made in
 * the scope of this call and it has no resources, but others have: the test may mean one
 * of those. -1: the database failed, and an error is recorded.
 */
int control_warn_if_unused(struct call *call) NODISCARD;

#endif
