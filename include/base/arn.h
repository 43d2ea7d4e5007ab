/*
 * Amazon Resource Names: arn:aws:<service>:<region>:<account>:<type>/<id>. The API uses
 * ARNs; the store keeps only the id, next to account and region.
 */
#ifndef BASE_ARN_H
#define BASE_ARN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/scope.h"

/* What an ARN can name. Each resource has one such constant. */
struct arn_kind {
    const char *service; /* ivs */
    const char *type;    /* channel */
};

/* The ARN of a resource. */
const char *arn_format(struct arena *arena, const struct arn_kind *kind,
                       struct scope scope, const char *id) NODISCARD;

/*
 * The id in an ARN of this kind and scope, pointing into `arn`; "" if the ARN names
 * something else. No resource has the id "", so a look-up of it finds nothing, just as
 * AWS finds nothing that belongs to another account or region.
 */
const char *arn_id(const struct arn_kind *kind, struct scope scope,
                   const char *arn) NODISCARD;

/*
 * Reads the account and region of any ARN into *out (in the arena). -1 if the ARN has
 * none that are valid here.
 */
int arn_scope(struct arena *arena, const char *arn, struct scope *out) NODISCARD;

/* Whether `arn` has the form of an ARN of this kind, in any scope. */
bool arn_matches(const struct arn_kind *kind, const char *arn) NODISCARD;

/* The same for any type of resource: `arn:aws:<service>:…:<letters and hyphens>/<id>`. */
bool arn_matches_service(const char *service, const char *arn) NODISCARD;

#endif
