#include "base/arn.h"

#include "base/text.h"

#include <string.h>

/* Parsing steps: each returns where the rest begins, or NULL. */
static const char *after_text(const char *at, const char *text)
{
    size_t length = strlen(text);

    return at != NULL && strncmp(at, text, length) == 0 ? at + length : NULL;
}

static const char *after_some(const char *at, unsigned kinds, const char *others)
{
    size_t length = at != NULL ? text_span(at, kinds, others) : 0;

    return length > 0 ? at + length : NULL;
}

/* Skips `arn:aws:<service>:<region>:<account>:`. */
static const char *after_scope(const char *service, const char *arn)
{
    const char *at = after_text(arn, "arn:aws:");

    at = after_text(after_text(at, service), ":");
    at = after_text(after_some(at, TEXT_LOWER | TEXT_DIGITS, "-"), ":");
    return after_text(after_some(at, TEXT_DIGITS, ""), ":");
}

static bool ends_with_id(const char *at)
{
    at = after_some(after_text(at, "/"), TEXT_LOWER | TEXT_UPPER | TEXT_DIGITS, "-");
    return at != NULL && *at == '\0';
}

bool arn_matches(const struct arn_kind *kind, const char *arn)
{
    return ends_with_id(after_text(after_scope(kind->service, arn), kind->type));
}

bool arn_matches_service(const char *service, const char *arn)
{
    return ends_with_id(after_some(after_scope(service, arn), TEXT_LOWER, "-"));
}

const char *arn_format(struct arena *arena, const struct arn_kind *kind,
                       struct scope scope, const char *id)
{
    return arena_join(arena, "arn:aws:", kind->service, ":", scope.region, ":",
                      scope.account, ":", kind->type, "/", id, NULL);
}

const char *arn_id(const struct arn_kind *kind, struct scope scope, const char *arn)
{
    const char *at = after_text(after_text(arn, "arn:aws:"), kind->service);

    at = after_text(after_text(at, ":"), scope.region);
    at = after_text(after_text(at, ":"), scope.account);
    at = after_text(after_text(at, ":"), kind->type);
    at = after_text(at, "/");
    return at != NULL ? at : "";
}

int arn_scope(struct arena *arena, const char *arn, struct scope *out)
{
    const char *service = after_text(arn, "arn:aws:");
    const char *region = after_text(after_some(service, TEXT_LOWER, "-"), ":");
    const char *account =
        after_text(after_some(region, TEXT_LOWER | TEXT_DIGITS, "-"), ":");
    const char *end = after_some(account, TEXT_DIGITS, "");

    if (end == NULL || *end != ':')
        return -1;
    const struct scope scope = {
        .region = arena_strndup(arena, region, (size_t)(account - 1 - region)),
        .account = arena_strndup(arena, account, (size_t)(end - account)),
    };
    if (!scope_is_region(scope.region) || !scope_is_account(scope.account))
        return -1;
    *out = scope;
    return 0;
}
