/*
 * What the files of this service share: the handlers and shapes of its table.
 */
#ifndef CONTROL_CONTROL_INTERNAL_H
#define CONTROL_CONTROL_INTERNAL_H

#include "api/call.h"
#include "api/shape.h"

#define OP(Name, METHOD, uri, status, access, handler)                                   \
    int control_##handler(struct call *call);                                            \
    extern const struct shape control_##handler##_in;                                    \
    extern const struct shape control_##handler##_out;
#include "operations.def"
#undef OP

#endif
