#include "guard_internal.h"

#include "api/announce.h"
#include "base/json.h"
#include "base/log.h"

#include <inttypes.h>
#include <string.h>

/* Whether the path or the body names a resource, in any member. */
static bool call_names_resource(const void *context, const char *arn)
{
    const struct call *call = context;

    return strcmp(call->label, arn) == 0 || json_holds_text(call->in, arn);
}

static void log_fault(const struct call *call, const struct fault *fault)
{
    static const char *const connections[] = {
        [FAULT_RESPONDS] = "",
        [FAULT_CLOSE] = " connection=CLOSE",
        [FAULT_TRUNCATE] = " connection=TRUNCATE",
        [FAULT_GATEWAY] = " connection=GATEWAY",
    };

    if (!log_writes(LOG_INFO))
        return;
    const char *error =
        fault->error != NULL ? arena_printf(call->arena, " error=%s", fault->error) : "";
    const char *latency =
        fault->latency_ms > 0
            ? arena_printf(call->arena, " latency_ms=%" PRId64, fault->latency_ms)
            : "";
    log_each(LOG_INFO, "fault applied", "operation=%s fault=%s%s%s%s " LOG_SCOPE,
             call->op->name, fault->id, error, connections[fault->connection], latency,
             call->scope.account, call->scope.region);
}

/* Applies a fault to the call. Returns -1 if the operation must not run. */
static int apply_fault(struct call *call)
{
    const struct fault_target target = {.scope = call->scope,
                                        .service = call->service->name,
                                        .operation = call->op->name,
                                        .names = call_names_resource,
                                        .call = call};
    struct fault fault;

    if (!call->service->emulated ||
        !faults_apply(call->emu->faults, &target, call->arena, &fault))
        return 0;
    struct fault *kept = arena_alloc(call->arena, sizeof(*kept));
    *kept = fault;
    call->fault = kept;
    log_fault(call, kept);
    announce_fault_applied(call, kept->id);
    if (fault.error != NULL) {
        const struct error_kind *kind = error_find(fault.error);
        return call_fail(call, kind, "%s",
                         fault.message != NULL ? fault.message : kind->text);
    }
    return fault.connection == FAULT_CLOSE || fault.connection == FAULT_GATEWAY ? -1 : 0;
}

/* Takes a token from the bucket of the account, or of the resource if there is one. */
static int take_token(struct call *call, int rate, const char *resource)
{
    if (rate == 0)
        return 0;
    uint64_t key =
        throttle_key(call->service->name, call->op->name, call->scope, resource);
    if (throttle_take(call->emu->throttle, key, rate, call->now_ms))
        return 0;
    /* Fidelity: common-throttling-2 */
    return call_fail_about(
        call, &ERR_THROTTLING, (struct error_details){.arn = resource, .limit = rate},
        "Operation: %s:%s exceeded call rate: %d for %s: %s", call->service->name,
        call->op->name, rate, resource != NULL ? "resource" : "account",
        resource != NULL ? resource : call->scope.account);
}

/* Enforces the call rates, if enabled. */
static int check_call_rate(struct call *call)
{
    const struct call_rate *rate = &call->op->rate;

    if (call->emu->throttle == NULL)
        return 0;
    const char *resource =
        rate->resource != NULL ? json_string_or(call->in, rate->resource, NULL) : NULL;
    if (resource != NULL && take_token(call, rate->per_resource, resource) != 0)
        return -1;
    return take_token(call, rate->per_account, NULL);
}

int guard(struct call *call)
{
    return apply_fault(call) != 0 ? -1 : check_call_rate(call);
}
