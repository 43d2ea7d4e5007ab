#include "api/not_emulated.h"

#include "base/attrs.h"

/* Each list is read from the table by the macro of its rows; the others are nothing. */
#define REAL_TIME(Name) #Name,
#define REAL_TIME_ARN(type)
static const char *const real_time_operations[] = {
#include "not_emulated.def"
};
#undef REAL_TIME
#undef REAL_TIME_ARN

#define REAL_TIME(Name)
#define REAL_TIME_ARN(type) {"ivs", type},
static const struct arn_kind real_time_resources[] = {
#include "not_emulated.def"
};

const struct not_emulated not_emulated_services[] = {
    {"Amazon IVS Real-Time Streaming", "ivs", real_time_operations,
     COUNT_OF(real_time_operations), real_time_resources, COUNT_OF(real_time_resources)},
};
const size_t not_emulated_count = COUNT_OF(not_emulated_services);
