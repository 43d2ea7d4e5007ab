#include "engine_internal.h"

struct step ivs_step(struct call *call)
{
    return (struct step){
        .txn = call->txn,
        .scope = call->scope,
        .ids = call->emu->ids,
        .now_ms = call->now_ms,
        .quotas = call->emu->settings.quotas,
    };
}

struct url_style ivs_url_style(struct call *call)
{
    return (struct url_style){.host = call->host, .aws = call->emu->settings.aws_urls};
}
