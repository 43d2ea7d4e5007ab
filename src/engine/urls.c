#include "engine/urls.h"

#include "base/authority.h"
#include "base/hash.h"

#include <inttypes.h>

/* Twelve hexadecimal digits that identify an account and region. Fidelity: ivs-urls-1 */
static const char *endpoint_prefix(struct arena *arena, struct scope scope)
{
    uint64_t hash = hash_text(hash_text(HASH_START, scope.account), scope.region);

    return arena_printf(arena, "%012" PRIx64, hash & UINT64_C(0xffffffffffff));
}

/* Returns the host without its port. An IPv6 address keeps its brackets, as URLs
 * require. */
static const char *bare_host(struct arena *arena, const char *host)
{
    struct authority authority;

    return authority_read(host, &authority)
               ? arena_strndup(arena, authority.host, authority.host_length)
               : host;
}

const char *playback_url(struct arena *arena, struct url_style style, struct scope scope,
                         const char *channel_id)
{
    const char *origin =
        style.aws ? arena_join(arena, "https://", endpoint_prefix(arena, scope), ".",
                               scope.region, ".playback.live-video.net", NULL)
                  : arena_join(arena, "http://", style.host, NULL);

    return arena_join(arena, origin, "/api/video/v1/", scope.region, ".", scope.account,
                      ".channel.", channel_id, ".m3u8", NULL);
}

static const char *format_endpoint(struct arena *arena, struct url_style style,
                                   struct scope scope, const char *domain)
{
    if (!style.aws)
        return bare_host(arena, style.host);
    return arena_printf(arena, "%s.%s", endpoint_prefix(arena, scope), domain);
}

const char *ingest_endpoint(struct arena *arena, struct url_style style,
                            struct scope scope)
{
    return format_endpoint(arena, style, scope, "global-contribute.live-video.net");
}

const char *srt_endpoint(struct arena *arena, struct url_style style, struct scope scope)
{
    return format_endpoint(arena, style, scope, "srt.live-video.net");
}
