/*
 * GetClock, AdvanceClock, ResetClock: the clock of the caller's account and region.
 */
#include "api/announce.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "control_internal.h"
#include "engine/timekeeping.h"

#define MAX_SECONDS (TIMEKEEPING_MAX_OFFSET_MS / 1000)

static const struct shape seconds = {.type = SHAPE_INTEGER, .min = 1, .max = MAX_SECONDS};
static const struct shape offset = {.type = SHAPE_INTEGER, .max = MAX_SECONDS};

static const struct member scope_in[] = {SCOPE_IN, MEMBERS_END};
static const struct member advance_in[] = {
    {"seconds", &seconds, REQUIRED},
    SCOPE_IN, MEMBERS_END
};
static const struct member clock_members[] = {
    {"now",           &shape_timestamp, REQUIRED},
    {"offsetSeconds", &offset,          REQUIRED},
    SCOPE_OUT,
    MEMBERS_END
};
static const struct member moved_members[] = {
    {"now",           &shape_timestamp, REQUIRED},
    {"offsetSeconds", &offset,          REQUIRED},
    {"warning",       &shape_string,    0       },
    SCOPE_OUT,
    MEMBERS_END
};
const struct shape control_clock_get_in = STRUCT_OF(scope_in);
const struct shape control_clock_get_out = STRUCT_OF(clock_members);
const struct shape control_clock_advance_in = STRUCT_OF(advance_in);
const struct shape control_clock_advance_out = STRUCT_OF(moved_members);
const struct shape control_clock_reset_in = STRUCT_OF(scope_in);
const struct shape control_clock_reset_out = STRUCT_OF(moved_members);

static struct timekeeping timekeeping_of(const struct call *call)
{
    return (struct timekeeping){
        .store = call->emu->store, .clock = call->emu->clock, .ids = call->emu->ids};
}

int control_clock_get(struct call *call)
{
    struct clock *clock = call->emu->clock;
    int64_t offset_seconds = clock_offset_ms(clock, call->scope) / 1000;

    cJSON_AddStringToObject(
        call->out, "now",
        timestamp_text(call->arena, clock_scope_ms(clock, call->scope)));
    cJSON_AddNumberToObject(call->out, "offsetSeconds", (double)offset_seconds);
    return 0;
}

static void log_clock(const struct call *call, const char *event)
{
    int64_t offset_ms = clock_offset_ms(call->emu->clock, call->scope);

    log_each(LOG_INFO, event, "offset_seconds=%lld " LOG_SCOPE,
             (long long)(offset_ms / 1000), call->scope.account, call->scope.region);
}

/* Responds after a change of the clock. */
static int respond_changed(struct call *call, const char *event)
{
    log_clock(call, event);
    announce_clock(call);
    return control_clock_get(call);
}

int control_clock_advance(struct call *call)
{
    struct timekeeping t = timekeeping_of(call);

    if (control_warn_if_unused(call) != 0)
        return -1;
    switch (timekeeping_advance(&t, call->scope, in_int_or(call, "seconds", 0) * 1000)) {
    case TIMEKEEPING_DONE:
        return respond_changed(call, "clock moved");
    case TIMEKEEPING_TOO_FAR:
        return call_fail(
            call, &ERR_VALIDATION,
            "AdvanceClock.seconds would move the clock more than %lld seconds ahead",
            (long long)MAX_SECONDS);
    case TIMEKEEPING_TOO_MANY:
        return call_fail(call, &ERR_QUOTA,
                         "The clocks of %d accounts and regions have already been moved; "
                         "call ResetClock or Reset for one of them",
                         CLOCK_MAX_MOVED);
    case TIMEKEEPING_FAILED:
        break;
    }
    return call_fail_internal(call);
}

int control_clock_reset(struct call *call)
{
    struct timekeeping t = timekeeping_of(call);

    if (control_warn_if_unused(call) != 0)
        return -1;
    if (timekeeping_reset(&t, call->scope) != 0)
        return call_fail_internal(call);
    return respond_changed(call, "clock reset");
}
