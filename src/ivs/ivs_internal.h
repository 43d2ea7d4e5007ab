/*
 * Shared by the files of this service: the handlers and shapes of its table.
 */
#ifndef IVS_IVS_INTERNAL_H
#define IVS_IVS_INTERNAL_H

#include "common/operations.h"

/* clang-format off */
#define OP(Name, METHOD, uri, status, access, rate, handler) OPERATION_DECLARED(ivs, handler)
/* clang-format on */
#define OP_TODO(Name, METHOD, uri)
#include "operations.def"
#undef OP
#undef OP_TODO

extern const struct quota ivs_quotas[];

#endif
