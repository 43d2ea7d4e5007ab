/*
 * The tags of any resource that has them, by its ARN. They are stored as a JSON object
 * in the resource's own row.
 */
#ifndef DATA_TAGS_H
#define DATA_TAGS_H

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* Reads the tags into *out (in the arena). DB_NONE: no such resource in this scope. */
enum db_result tags_find(struct txn *txn, struct scope scope, const char *arn,
                         const char **out) NODISCARD;

/* Puts `tags` in place of what an existing resource has. DB_DONE: done. */
enum db_result tags_replace(struct txn *txn, struct scope scope, const char *arn,
                            const char *tags) NODISCARD;

#endif
