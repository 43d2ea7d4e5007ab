#include "common/step.h"

#include "common/views.h"

static struct step step_at(struct call *call, struct scope scope, int64_t now_ms)
{
    return (struct step){
        .txn = call->txn,
        .scope = scope,
        .ids = call->emu->ids,
        .now_ms = now_ms,
        .quotas = call->emu->settings.quotas,
        .views = &common_session_views,
    };
}

struct step step_of_call(struct call *call)
{
    return step_at(call, call->scope, call->now_ms);
}

struct step step_in_scope(struct call *call, struct scope scope)
{
    return step_at(call, scope, clock_scope_ms(call->emu->clock, scope));
}

struct url_style url_style_of_call(const struct call *call)
{
    return (struct url_style){.host = call->host, .aws = call->emu->settings.aws_urls};
}
