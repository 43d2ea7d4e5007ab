#include "bind_internal.h"

void bind_scope(struct stmt *q, struct scope scope)
{
    stmt_text(q, ":account", scope.account);
    stmt_text(q, ":region", scope.region);
}

void bind_resource(struct stmt *q, struct scope scope, const struct arn_kind *kind,
                   const char *arn)
{
    bind_scope(q, scope);
    stmt_text(q, ":id", arn_id(kind, scope, arn));
}
