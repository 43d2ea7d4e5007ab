#include "data/resource.h"

#include "bind_internal.h"

#include <string.h>

/* The kinds of ARN, which the files of the resources define. */
#define INTERNAL(table, key, count)
#define RESOURCE(table, service, tags, count)                                            \
    extern const struct arn_kind table##_arn_kind;
#include "resources.def"
#undef INTERNAL
#undef RESOURCE

/* The words of resources.def, which stand for initializers and not for expressions. */
/* clang-format off */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define INTERNAL(table, key, count) {RESOURCE_TABLE(table, key) count},
#define RESOURCE(table, service, tags, count)                                            \
    {RESOURCE_TABLE(table, "seq"), RESOURCE_OF_SERVICE(table, service) tags(table) count},
#define UNTAGGED(table)
#define TAGGED(table) , RESOURCE_TAGGED(table)
#define UNCOUNTED
#define COUNTED_AS(name) , RESOURCE_COUNTED_AS(name)
/* NOLINTEND(bugprone-macro-parentheses) */
/* clang-format on */

static const struct resource rows[] = {
#include "resources.def"
};

const struct resource_registry data_registry = {rows, COUNT_OF(rows)};

const struct resource *resource_of_arn(const struct resource_registry *registry,
                                       const char *arn)
{
    for (size_t i = 0; i < registry->count; i++) {
        const struct resource *resource = &registry->rows[i];
        if (resource->arn != NULL && arn_matches(resource->arn, arn))
            return resource;
    }
    return NULL;
}

const struct resource *resource_of_table(const struct resource_registry *registry,
                                         const char *table)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (strcmp(registry->rows[i].table, table) == 0)
            return &registry->rows[i];
    }
    return NULL;
}

enum db_result resource_exists(struct txn *txn, const struct resource_registry *registry,
                               struct scope scope, const char *arn)
{
    const struct resource *resource = resource_of_arn(registry, arn);

    if (resource == NULL)
        return DB_NONE;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, resource->exists);
    bind_resource(q, scope, resource->arn, arn);
    return stmt_step(q);
}

enum db_result resource_find_tags(struct txn *txn,
                                  const struct resource_registry *registry,
                                  struct scope scope, const char *arn, const char **out)
{
    const struct resource *resource = resource_of_arn(registry, arn);

    if (resource == NULL || !resource->tagged)
        return DB_NONE;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, resource->find_tags);
    bind_resource(q, scope, resource->arn, arn);
    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        *out = stmt_column_text(q, 0);
    return found;
}

enum db_result resource_replace_tags(struct txn *txn,
                                     const struct resource_registry *registry,
                                     struct scope scope, const char *arn,
                                     const char *tags)
{
    const struct resource *resource = resource_of_arn(registry, arn);

    if (resource == NULL || !resource->tagged)
        return DB_NONE;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, resource->replace_tags);
    bind_resource(q, scope, resource->arn, arn);
    stmt_text(q, ":tags", tags);
    return stmt_step(q);
}

enum db_result resource_count(struct txn *txn, struct scope scope, const char *counted_as,
                              int64_t *out)
{
    static const char sql[] =
        "SELECT count FROM resource_count"
        " WHERE account = :account AND region = :region AND resource = :resource";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":resource", counted_as);

    enum db_result found = stmt_step(q);
    if (found == DB_ERROR)
        return DB_ERROR;
    *out = found == DB_ROW ? stmt_column_int(q, 0) : 0;
    return DB_DONE;
}

enum db_result resource_count_each(struct txn *txn,
                                   void (*each)(void *context, const char *counted_as,
                                                int64_t count),
                                   void *context)
{
    static const char sql[] =
        "SELECT resource, sum(count) FROM resource_count GROUP BY resource";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    while ((found = stmt_step(q)) == DB_ROW)
        each(context, stmt_column_text(q, 0), stmt_column_int(q, 1));
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

enum db_result resource_count_each_scope(struct txn *txn,
                                         void (*each)(void *context, struct scope scope,
                                                      const char *counted_as,
                                                      int64_t count),
                                         void *context)
{
    static const char sql[] =
        "SELECT account, region, resource, count FROM resource_count WHERE count > 0";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    while ((found = stmt_step(q)) == DB_ROW)
        each(context, (struct scope){stmt_column_text(q, 0), stmt_column_text(q, 1)},
             stmt_column_text(q, 2), stmt_column_int(q, 3));
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

static enum db_result delete_rows(struct txn *txn, const struct resource *resource,
                                  const struct scope *scope, int64_t limit,
                                  int64_t *deleted)
{
    struct stmt *q AUTO(stmt_done) =
        txn_query(txn, scope != NULL ? resource->delete_scope : resource->delete_all);

    if (scope != NULL)
        bind_scope(q, *scope);
    stmt_int(q, ":limit", limit);
    if (stmt_step(q) == DB_ERROR)
        return DB_ERROR;
    *deleted = stmt_changes(q);
    return DB_DONE;
}

enum db_result registry_delete(struct txn *txn, const struct resource_registry *registry,
                               const struct scope *scope, int64_t limit, int64_t *deleted)
{
    *deleted = 0;
    for (size_t i = 0; i < registry->count && *deleted < limit; i++) {
        int64_t in_table;
        if (delete_rows(txn, &registry->rows[i], scope, limit - *deleted, &in_table) ==
            DB_ERROR)
            return DB_ERROR;
        *deleted += in_table;
    }
    return DB_DONE;
}

enum db_result registry_reset(struct txn *txn, const struct resource_registry *registry,
                              const struct scope *scope)
{
    int64_t deleted;

    return registry_delete(txn, registry, scope, INT64_MAX, &deleted);
}

enum db_result registry_rows_ever(struct txn *txn, int64_t *out)
{
    static const char sql[] = "SELECT coalesce(sum(seq), 0) FROM sqlite_sequence";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = stmt_column_int(q, 0);
    return DB_DONE;
}
