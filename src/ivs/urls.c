/*
 * The URLs and host names in answers. With --urls local they lead back to this server by
 * the name the caller used; with --urls aws they look like the real ones.
 */
#include "base/hash.h"
#include "rules_internal.h"

#include <inttypes.h>
#include <string.h>

/* Twelve hexadecimal digits that belong to an account and region. Fidelity: urls-1 */
static const char *endpoint_prefix(struct call *call)
{
    uint64_t hash =
        hash_text(hash_text(HASH_START, call->scope.account), call->scope.region);

    return arena_printf(call->arena, "%012" PRIx64, hash & UINT64_C(0xffffffffffff));
}

/* The host without its port. An IPv6 address keeps its brackets, as URLs need them. */
static const char *bare_host(struct call *call)
{
    const char *bracket = strchr(call->host, ']');
    size_t length =
        bracket != NULL ? (size_t)(bracket + 1 - call->host) : strcspn(call->host, ":");

    return arena_strndup(call->arena, call->host, length);
}

const char *ivs_playback_url(struct call *call, const struct channel *channel)
{
    const char *origin = arena_printf(call->arena, "http://%s", call->host);

    if (call->emu->settings.aws_urls)
        origin = arena_printf(call->arena, "https://%s.%s.playback.live-video.net",
                              endpoint_prefix(call), call->scope.region);
    return arena_printf(call->arena, "%s/api/video/v1/%s.%s.channel.%s.m3u8", origin,
                        call->scope.region, call->scope.account, channel->id);
}

const char *ivs_ingest_endpoint(struct call *call)
{
    if (!call->emu->settings.aws_urls)
        return bare_host(call);
    return arena_printf(call->arena, "%s.global-contribute.live-video.net",
                        endpoint_prefix(call));
}

const char *ivs_srt_endpoint(struct call *call)
{
    if (!call->emu->settings.aws_urls)
        return bare_host(call);
    return arena_printf(call->arena, "%s.srt.live-video.net", endpoint_prefix(call));
}
