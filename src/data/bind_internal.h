/*
 * The parameters with which nearly every query of this layer begins.
 */
#ifndef DATA_BIND_INTERNAL_H
#define DATA_BIND_INTERNAL_H

#include "base/arn.h"
#include "base/scope.h"
#include "store/txn.h"

/* :account and :region. */
void bind_scope(struct stmt *q, struct scope scope);

/* :account, :region and :id, of the resource that the ARN names. */
void bind_resource(struct stmt *q, struct scope scope, const struct arn_kind *kind,
                   const char *arn);

#endif
