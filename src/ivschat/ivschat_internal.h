/*
 * Shared by the files of this service: the handlers and shapes of its table.
 */
#ifndef IVSCHAT_IVSCHAT_INTERNAL_H
#define IVSCHAT_IVSCHAT_INTERNAL_H

#include "common/operations.h"

/* clang-format off */
#define OP(Name, METHOD, uri, status, access, rate, handler) OPERATION_DECLARED(ivschat, handler)
/* clang-format on */
#define OP_TODO(Name, METHOD, uri)
#include "operations.def"
#undef OP
#undef OP_TODO

#endif
