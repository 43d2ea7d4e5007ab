/*
 * The macros that read a service's table of operations, operations.def:
 *
 * OP(Name, METHOD, uri, success status, access, calls per second, handler)
 * OP_TODO(Name, METHOD, uri): known, not implemented
 *
 * The table is read twice. <service>_internal.h defines OP as OPERATION_DECLARED and
 * reads it for the prototypes; service.c defines OP as OPERATION_ROW and reads it for the
 * rows.
 */
#ifndef COMMON_OPERATIONS_H
#define COMMON_OPERATIONS_H

#include "api/call.h"
#include "api/service.h"
#include "api/shape.h"

/* The handler <prefix>_<handler>() and its two shapes. */
#define OPERATION_DECLARED(prefix, handler)                                              \
    int prefix##_##handler(struct call *call);                                           \
    extern const struct shape prefix##_##handler##_in;                                   \
    extern const struct shape prefix##_##handler##_out;

/* clang-format off */
#define OPERATION_ROW(prefix, Name, METHOD, uri, status, access, handler, ...)           \
    {#Name, #METHOD, uri, status, access, __VA_ARGS__, &prefix##_##handler##_in,         \
     &prefix##_##handler##_out, prefix##_##handler},
#define OPERATION_ROW_TODO(Name, METHOD, uri)                                            \
    {#Name, #METHOD, uri, 501, NO_STORE, {0}, &shape_empty, &shape_empty, NULL},

/* Rates, which are last because of their commas: how many calls per second AWS accepts
 * from an account in a region, and how many of those for the resource in an input
 * member. */
#define ANY_RATE {0}
#define PER_ACCOUNT(calls) {.per_account = (calls)}
#define PER_RESOURCE(member, calls, calls_in_all)                                        \
    {.per_account = (calls_in_all), .per_resource = (calls), .resource = (member)}
/* clang-format on */

#endif
