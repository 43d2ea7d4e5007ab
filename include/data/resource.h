/*
 * The registry of everything that is stored for an account and region. One row for each
 * table drives tags, Reset, counts, quotas and metrics, and says which service handles
 * the ARNs of the resource. The rows are in resources.def.
 */
#ifndef DATA_RESOURCE_H
#define DATA_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* One table. The SQL texts have the parameters :account and :region, and :id if they are
 * about one row. */
struct resource {
    const char *table;
    const char *service;        /* whose operations name it; NULL: no operation does */
    const struct arn_kind *arn; /* NULL: it has no ARN */
    bool tagged;                /* it has a column `tags` */
    const char *counted_as;     /* in resource_count; NULL: it is not counted */
    const char *exists;         /* the SQL texts for one row; NULL without an ARN */
    const char *find_tags;      /* this and the next: NULL if it is not tagged */
    const char *replace_tags;
    const char *delete_scope; /* up to :limit rows, like the next */
    const char *delete_all;
};

/* clang-format off */
#define RESOURCE_OF_SCOPE " WHERE account = :account AND region = :region"
#define RESOURCE_OF_ID RESOURCE_OF_SCOPE " AND id = :id"

/* The parts of a row: for every table, with the columns of its key; for a table with ARNs, whose kind is the constant
 * <table>_arn_kind; for a table with tags; for a table that triggers count. */
#define RESOURCE_TABLE(name, key)                                                        \
    .table = #name,                                                                      \
    .delete_scope = "DELETE FROM " #name " WHERE (" key ") IN (SELECT " key " FROM "     \
                    #name RESOURCE_OF_SCOPE " LIMIT :limit)",                            \
    .delete_all = "DELETE FROM " #name " WHERE (" key ") IN (SELECT " key " FROM "       \
                  #name " LIMIT :limit)"
#define RESOURCE_OF_SERVICE(name, service_name)                                          \
    .service = (service_name), .arn = &name##_arn_kind,                                  \
    .exists = "SELECT 1 FROM " #name RESOURCE_OF_ID
#define RESOURCE_TAGGED(name)                                                            \
    .tagged = true,                                                                      \
    .find_tags = "SELECT tags FROM " #name RESOURCE_OF_ID,                               \
    .replace_tags = "UPDATE " #name " SET tags = :tags" RESOURCE_OF_ID
#define RESOURCE_COUNTED_AS(name) .counted_as = (name)
/* clang-format on */

/* A registry: tables that refer to others come before them. */
struct resource_registry {
    const struct resource *rows;
    size_t count;
};

/* The registry of this program. */
extern const struct resource_registry data_registry;

/* The resource of this kind of ARN, in any account and region; NULL: none. */
const struct resource *resource_of_arn(const struct resource_registry *registry,
                                       const char *arn);

/* The row of that table; NULL: none. */
const struct resource *resource_of_table(const struct resource_registry *registry,
                                         const char *table);

/* DB_ROW: the scope has the resource that the ARN names. DB_NONE: it does not. */
enum db_result resource_exists(struct txn *txn, const struct resource_registry *registry,
                               struct scope scope, const char *arn) NODISCARD;

/*
 * The tags of a resource are a JSON object in its own row. resource_find_tags() reads
 * them into *out (in the arena); DB_NONE: the scope has no tagged resource of this ARN.
 * resource_replace_tags() writes those of a resource that exists; DB_DONE: done.
 */
enum db_result resource_find_tags(struct txn *txn,
                                  const struct resource_registry *registry,
                                  struct scope scope, const char *arn,
                                  const char **out) NODISCARD;
enum db_result resource_replace_tags(struct txn *txn,
                                     const struct resource_registry *registry,
                                     struct scope scope, const char *arn,
                                     const char *tags) NODISCARD;

/* Reads the number of the scope's resources that are `counted_as` this: one look-up,
 * whatever the number. DB_DONE: done. */
enum db_result resource_count(struct txn *txn, struct scope scope, const char *counted_as,
                              int64_t *out) NODISCARD;

/* Calls `each` for everything that is counted, with its number across all scopes.
 * DB_DONE: done. */
enum db_result resource_count_each(struct txn *txn,
                                   void (*each)(void *context, const char *counted_as,
                                                int64_t count),
                                   void *context) NODISCARD;

/* Calls `each` for everything that is counted in each scope, with its number there, which
 * is not 0. DB_DONE: done. */
enum db_result resource_count_each_scope(struct txn *txn,
                                         void (*each)(void *context, struct scope scope,
                                                      const char *counted_as,
                                                      int64_t count),
                                         void *context) NODISCARD;

/*
 * Deletes up to `limit` rows in the scope, or in all scopes for NULL, in an order in
 * which what is left can still be used. Sets *deleted to their number: if it is less than
 * the limit, nothing is left. DB_DONE: done.
 */
enum db_result registry_delete(struct txn *txn, const struct resource_registry *registry,
                               const struct scope *scope, int64_t limit,
                               int64_t *deleted) NODISCARD;

/* Deletes everything in the scope, or in all scopes for NULL. DB_DONE: done. */
enum db_result registry_reset(struct txn *txn, const struct resource_registry *registry,
                              const struct scope *scope) NODISCARD;

/* Reads how many rows the tables with an order of creation have ever had in total.
 * DB_DONE: done. */
enum db_result registry_rows_ever(struct txn *txn, int64_t *out) NODISCARD;

#endif
