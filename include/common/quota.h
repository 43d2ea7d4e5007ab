/*
 * Service quotas, per account and region. The numbers are in the service's own table.
 */
#ifndef COMMON_QUOTA_H
#define COMMON_QUOTA_H

#include <stdint.h>

#include "api/call.h"
#include "api/quota.h"
#include "base/attrs.h"

/*
 * Returns -1 and records a ServiceQuotaExceededException if the scope has as many rows of
 * the table as the quota of the call's service allows. With --quotas off, only the quotas
 * that AWS never raises apply.
 */
int quota_check(struct call *call, const char *table) NODISCARD;

/* Records that a quota is used up and returns -1. For example, `most` is 1 and `of_what`
 * is "stream key per channel". */
int quota_fail(struct call *call, int64_t most, const char *of_what);

#endif
