/*
 * Amazon Resource Names.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/arn.h"
#include "base/bug.h"

#include <string.h>

static const struct scope scope = {.account = "123456789012", .region = "us-west-2"};
static const struct arn_kind kinds[] = {
    {"ivs", "channel"                },
    {"ivs", "stream-key"             },
    {"ivs", "recording-configuration"},
};

static void check_kind(struct arena *arena, const struct arn_kind *kind, const char *arn)
{
    const char *id = arn_id(kind, scope, arn);
    const char *start = arn_format(arena, kind, scope, "");
    bool in_scope = strncmp(arn, start, strlen(start)) == 0;

    if (arn_matches(kind, arn) && !arn_matches_service(kind->service, arn))
        BUG("of a kind but not of its service: %s", arn);
    if (arn_matches(kind, arn) && in_scope && id[0] == '\0')
        BUG("without an id: %s", arn);
    if (id[0] != '\0' && strcmp(arn_format(arena, kind, scope, id), arn) != 0)
        BUG("the id %s is not from %s", id, arn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *arn AUTO(fuzz_text_done) = fuzz_text(data, size);

    if (arn_matches_service("ivs", arn) && arn_matches_service("ivschat", arn))
        BUG("of two services: %s", arn);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        check_kind(arena, &kinds[i], arn);
    return 0;
}
