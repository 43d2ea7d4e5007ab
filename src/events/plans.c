#include "plans_internal.h"

#include "base/bug.h"

#include <stdio.h>
#include <string.h>

static bool is_in_scope(const struct plan *plan, struct scope scope)
{
    return scope_equals((struct scope){plan->account, plan->region}, scope);
}

struct plan *plans_find(struct plans *plans, int64_t seq)
{
    for (size_t i = 0; i < plans->count; i++) {
        if (plans->items[i].seq == seq)
            return &plans->items[i];
    }
    return NULL;
}

struct plan *plans_add(struct plans *plans, int64_t seq, struct scope scope)
{
    if (plans->count == PLANS_MAX)
        BUG("too many plans");
    struct plan *plan = &plans->items[plans->count++];
    *plan = (struct plan){.seq = seq, .sends = 1};
    snprintf(plan->account, sizeof(plan->account), "%s", scope.account);
    snprintf(plan->region, sizeof(plan->region), "%s", scope.region);
    return plan;
}

void plans_drop(struct plans *plans, int64_t seq)
{
    struct plan *plan = plans_find(plans, seq);

    if (plan != NULL)
        *plan = plans->items[--plans->count];
}

void plans_finish(struct plans *plans, int64_t seq)
{
    const struct plan *found = plans_find(plans, seq);

    if (found == NULL)
        return;
    const struct plan done = *found;
    plans_drop(plans, seq);
    for (size_t i = 0; i < plans->count; i++) {
        struct plan *plan = &plans->items[i];
        if (plan->swaps && is_in_scope(plan, (struct scope){done.account, done.region})) {
            plan->swaps = false;
            plan->not_before_ms = 0;
        }
    }
}

bool plans_has_swap(const struct plans *plans, struct scope scope)
{
    for (size_t i = 0; i < plans->count; i++) {
        if (plans->items[i].swaps && is_in_scope(&plans->items[i], scope))
            return true;
    }
    return false;
}

bool plan_is_held(const struct plan *plan, int64_t now_ms)
{
    return plan->not_before_ms > now_ms;
}

int64_t plans_first_due(const struct plans *plans, int64_t seq, int64_t now_ms)
{
    int64_t first = 0;

    for (size_t i = 0; i < plans->count; i++) {
        const struct plan *plan = &plans->items[i];
        if (plan->seq <= seq && !plan_is_held(plan, now_ms) &&
            (first == 0 || plan->seq < first))
            first = plan->seq;
    }
    return first;
}

int64_t plans_wait_ms(const struct plans *plans, int64_t now_ms)
{
    int64_t least = -1;

    for (size_t i = 0; i < plans->count; i++) {
        int64_t wait_ms = plans->items[i].not_before_ms - now_ms;
        if (wait_ms > 0 && (least < 0 || wait_ms < least))
            least = wait_ms;
    }
    return least;
}
