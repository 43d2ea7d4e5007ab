#include "engine/ingest.h"

#include "base/json.h"

#include <string.h>

/* Fidelity: ivs-ingest-1 */
static const char plausible[] =
    "{\"video\":{\"avcProfile\":\"Main\",\"avcLevel\":\"4.0\",\"codec\":\"avc1.4D4028\","
    "\"encoder\":\"IVS Local\",\"targetBitrate\":3500000,\"targetFramerate\":30,"
    "\"videoHeight\":1080,\"videoWidth\":1920,\"level\":\"4.0\",\"track\":\"Track0\","
    "\"profile\":\"Main\"},"
    "\"audio\":{\"codec\":\"mp4a.40.2\",\"targetBitrate\":160000,\"sampleRate\":48000,"
    "\"channels\":2,\"track\":\"Track0\"}}";

/* The limits of ingest, documented under service quotas. Fidelity: ivs-quotas-3 */
enum {
    MAX_PIXELS = 2100000,
    MAX_EDGE_PIXELS = 1920,
    SD_PIXELS = 854 * 480,
    HD_PIXELS = 1280 * 720,
    BASIC_SMALL_PIXELS = SD_PIXELS, /* up to here BASIC counts as 480p */
    BASIC_SMALL_BITRATE = 1500000,
    BASIC_BITRATE = 3500000,
    OTHER_BITRATE = 8500000,
    MULTITRACK_BITRATE = 15000000,
};

/* Overwrites the members of `known` with those of `given`; unknown ones are ignored. */
static void overlay_members(cJSON *known, const cJSON *given)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, given) {
        if (!json_has(known, member->string))
            continue;
        cJSON_DeleteItemFromObjectCaseSensitive(known, member->string);
        cJSON_AddItemToObject(known, member->string, cJSON_Duplicate(member, true));
    }
}

const char *ingest_text(struct arena *arena, const cJSON *given)
{
    cJSON *full AUTO(json_done) = json_stored(plausible);
    cJSON *kind;

    cJSON_ArrayForEach(kind, full)
        overlay_members(kind, cJSON_GetObjectItemCaseSensitive(given, kind->string));
    return json_text(arena, full);
}

static int64_t number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return item != NULL ? (int64_t)item->valuedouble : 0;
}

static struct ingest_breach breach_of(const char *name, const char *unit, int64_t value,
                                      int64_t limit)
{
    if (value <= limit)
        return (struct ingest_breach){.limit_name = NULL};
    return (struct ingest_breach){name, unit, limit, value - limit};
}

static int64_t bitrate_limit(const char *channel_type, int64_t pixels)
{
    if (strcmp(channel_type, "BASIC") != 0)
        return OTHER_BITRATE;
    return pixels <= BASIC_SMALL_PIXELS ? BASIC_SMALL_BITRATE : BASIC_BITRATE;
}

/* The limits for an encoder. */
struct limits {
    int64_t pixels;
    int64_t edge_pixels;
    int64_t bitrate;
};

/* The quota page rounds the pixels down to 400,000 and 900,000, which would refuse the
 * sizes that give the classes their names. Fidelity: ivs-ingest-2 */
static const struct {
    const char *maximum_resolution;
    struct limits limits;
} multitrack_limits[] = {
    {"SD",      {SD_PIXELS, 864, MULTITRACK_BITRATE}             },
    {"HD",      {HD_PIXELS, 1280, MULTITRACK_BITRATE}            },
    {"FULL_HD", {MAX_PIXELS, MAX_EDGE_PIXELS, MULTITRACK_BITRATE}},
};

static struct limits limits_of(const char *channel_type, const char *multitrack,
                               int64_t pixels)
{
    cJSON *tracks AUTO(json_done) =
        json_stored(multitrack[0] != '\0' ? multitrack : "{}");
    const char *resolution = json_string_or(tracks, "maximumResolution", "");

    for (size_t i = 0; i < COUNT_OF(multitrack_limits); i++) {
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(tracks, "enabled")) &&
            strcmp(multitrack_limits[i].maximum_resolution, resolution) == 0)
            return multitrack_limits[i].limits;
    }
    return (struct limits){MAX_PIXELS, MAX_EDGE_PIXELS,
                           bitrate_limit(channel_type, pixels)};
}

struct ingest_breach ingest_check(const char *channel_type, const char *multitrack,
                                  const char *ingest)
{
    cJSON *tree AUTO(json_done) = json_stored(ingest);
    const cJSON *video = cJSON_GetObjectItemCaseSensitive(tree, "video");
    int64_t width = number_of(video, "videoWidth");
    int64_t height = number_of(video, "videoHeight");
    const struct limits limits = limits_of(channel_type, multitrack, width * height);
    struct ingest_breach found;

    found = breach_of("Ingest Resolution", "pixels per edge",
                      width > height ? width : height, limits.edge_pixels);
    if (found.limit_name == NULL)
        found =
            breach_of("Ingest Resolution", "total pixels", width * height, limits.pixels);
    if (found.limit_name == NULL)
        found = breach_of("Ingest Bitrate", "bits per second",
                          number_of(video, "targetBitrate"), limits.bitrate);
    return found;
}

static bool same_text(const cJSON *a, const cJSON *b, const char *name)
{
    return strcmp(json_string_or(a, name, ""), json_string_or(b, name, "")) == 0;
}

static bool encoder_continues(const cJSON *before, const cJSON *after)
{
    const cJSON *video = cJSON_GetObjectItemCaseSensitive(before, "video");
    const cJSON *next_video = cJSON_GetObjectItemCaseSensitive(after, "video");
    const cJSON *audio = cJSON_GetObjectItemCaseSensitive(before, "audio");
    const cJSON *next_audio = cJSON_GetObjectItemCaseSensitive(after, "audio");
    static const char *const equal[] = {"videoWidth", "videoHeight", "targetFramerate"};

    for (size_t i = 0; i < COUNT_OF(equal); i++) {
        if (number_of(video, equal[i]) != number_of(next_video, equal[i]))
            return false;
    }
    int64_t bitrate = number_of(video, "targetBitrate");
    int64_t next_bitrate = number_of(next_video, "targetBitrate");
    return same_text(video, next_video, "codec") &&
           same_text(audio, next_audio, "codec") && 2 * next_bitrate <= 3 * bitrate &&
           2 * next_bitrate >= bitrate;
}

bool ingest_continues(const char *before, const char *after)
{
    cJSON *first AUTO(json_done) = json_stored(before);
    cJSON *second AUTO(json_done) = json_stored(after);

    return encoder_continues(first, second);
}
