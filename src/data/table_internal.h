/*
 * What the tables of resources have in common: a row is found by its ARN, listed in the
 * order of creation, and deleted.
 */
#ifndef DATA_TABLE_INTERNAL_H
#define DATA_TABLE_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "data/resource.h"
#include "store/txn.h"

/* Fills *out from the current row, whose columns are in the order of the table's list. */
typedef void table_read_row(struct stmt *q, struct txn *txn, struct scope scope,
                            void *out);

struct table {
    const struct arn_kind *arn;
    const char *find;   /* by :account, :region and :id */
    const char *list;   /* of :account and :region, after :after, up to :limit */
    const char *delete; /* as `find` */
    table_read_row *read_row;
    size_t row_size; /* of the struct that read_row fills */
};

/* clang-format off */
#define TABLE_PAGE " AND seq > :after ORDER BY seq LIMIT :limit"

/* The descriptor of the table `name` with the constant <name>_arn_kind. */
#define TABLE(name, columns, read_row_, row_type)                                        \
    {.arn = &name##_arn_kind,                                                            \
     .find = "SELECT " columns " FROM " #name RESOURCE_OF_ID,                               \
     .list = "SELECT " columns " FROM " #name RESOURCE_OF_SCOPE TABLE_PAGE,                 \
     .delete = "DELETE FROM " #name RESOURCE_OF_ID,                                         \
     .read_row = (read_row_),                                                            \
     .row_size = sizeof(row_type)}
/* clang-format on */

/* Reads the row that the ARN names. DB_NONE: the scope has none. */
enum db_result table_find(struct txn *txn, const struct table *table, struct scope scope,
                          const char *arn, void *out) NODISCARD;

/* Reads up to `limit` rows that come after `after` in the order of creation into the
 * array `out`, and their number into *count. DB_DONE, or DB_ERROR. */
enum db_result table_list(struct txn *txn, const struct table *table, struct scope scope,
                          int64_t after, size_t limit, void *out,
                          size_t *count) NODISCARD;

/* Deletes the row that the ARN names, if there is one. DB_DONE, or DB_ERROR. */
enum db_result table_delete(struct txn *txn, const struct table *table,
                            struct scope scope, const char *arn) NODISCARD;

/* The same for a query of the table's columns with bound parameters: one row, or all rows
 * of the query. */
enum db_result table_read_one(struct stmt *q, struct txn *txn, const struct table *table,
                              struct scope scope, void *out) NODISCARD;
enum db_result table_read_all(struct stmt *q, struct txn *txn, const struct table *table,
                              struct scope scope, void *out, size_t *count) NODISCARD;

#endif
