/*
 * What the files of this service share: the handlers and shapes of its table.
 */
#ifndef IVS_IVS_INTERNAL_H
#define IVS_IVS_INTERNAL_H

#include "api/call.h"
#include "api/shape.h"

/* Each row gives the handler ivs_<handler>() and its two shapes. */
#define OP(Name, METHOD, uri, status, access, rate, handler)                             \
    int ivs_##handler(struct call *call);                                                \
    extern const struct shape ivs_##handler##_in;                                        \
    extern const struct shape ivs_##handler##_out;
#define OP_TODO(Name, METHOD, uri)
#include "operations.def"
#undef OP
#undef OP_TODO

#endif
