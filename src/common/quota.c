#include "common/quota.h"

#include "base/bug.h"
#include "data/resource.h"

#include <inttypes.h>
#include <string.h>

static const struct quota *quota_of(const struct service *service, const char *table)
{
    for (const struct quota *q = service->quotas; q != NULL && q->table != NULL; q++) {
        if (strcmp(q->table, table) == 0)
            return q;
    }
    BUG("%s has no quota for %s", service->name, table);
}

/* The name that the rows of the table are counted under. */
static const char *counter_of(const struct call *call, const char *table)
{
    const struct resource *resource = resource_of_table(call->emu->registry, table);

    if (resource == NULL || resource->counted_as == NULL)
        BUG("%s has a quota and is not counted", table);
    return resource->counted_as;
}

int quota_check(struct call *call, const char *table)
{
    const struct quota *quota = quota_of(call->service, table);
    int64_t count;

    if (!quota->fixed && !call->emu->settings.quotas)
        return 0;
    if (call_db(call, resource_count(call->txn, call->scope, counter_of(call, table),
                                     &count)) != 0)
        return -1;
    if (count < quota->most)
        return 0;
    return quota_fail(call, quota->most,
                      arena_printf(call->arena, "%s per region", quota->plural));
}

int quota_fail(struct call *call, int64_t most, const char *of_what)
{
    /* Fidelity: common-errors-4 */
    return call_fail_about(call, &ERR_QUOTA, (struct error_details){.limit = most},
                           "Service quota exceeded: %" PRId64 " %s", most, of_what);
}
