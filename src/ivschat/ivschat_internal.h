/*
 * Shared by the files of this service: the handlers and shapes of its table.
 */
#ifndef IVSCHAT_IVSCHAT_INTERNAL_H
#define IVSCHAT_IVSCHAT_INTERNAL_H

#include "common/operations.h"

/* clang-format off */
#define OP(Name, METHOD, uri, status, access, rate, handler) OPERATION_DECLARED(ivschat, handler)
/* clang-format on */
#include "operations.def"
#undef OP

extern const struct quota ivschat_quotas[];

/* Adds the members that the errors of the service have besides the message. */
void ivschat_add_error_members(const struct call *call, cJSON *body);

#endif
