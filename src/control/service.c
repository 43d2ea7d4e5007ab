#include "control/service.h"

#include "control_internal.h"

#define OP(Name, METHOD, uri, status, access, handler)                                   \
    {#Name,                                                                              \
     #METHOD,                                                                            \
     uri,                                                                                \
     status,                                                                             \
     access,                                                                             \
     {0},                                                                                \
     &control_##handler##_in,                                                            \
     &control_##handler##_out,                                                           \
     control_##handler},

static const struct operation operations[] = {
#include "operations.def"
};

const struct service control_service = {
    .name = "control",
    .title = "The control API of IVS Local",
    .operations = operations,
    .count = COUNT_OF(operations),
};
