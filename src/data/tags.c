#include "data/tags.h"

#include "bind_internal.h"
#include "data/ad_configuration.h"
#include "data/channel.h"
#include "data/failover_slate_configuration.h"
#include "data/playback_key_pair.h"
#include "data/playback_restriction_policy.h"
#include "data/recording_configuration.h"
#include "data/stream_key.h"

#define OF_RESOURCE " WHERE account = :account AND region = :region AND id = :id"

/* The constant of a resource's ARN is named after its table. */
/* clang-format off */
#define TAGGABLE(table)                                                                  \
    {&table##_arn_kind,                                                                  \
     "SELECT tags FROM " #table OF_RESOURCE,                                             \
     "UPDATE " #table " SET tags = :tags" OF_RESOURCE}
/* clang-format on */

/* Every kind of resource with tags: a new one is a row here. */
static const struct taggable {
    const struct arn_kind *kind;
    const char *find;
    const char *replace;
} taggables[] = {
    TAGGABLE(channel),
    TAGGABLE(stream_key),
    TAGGABLE(recording_configuration),
    TAGGABLE(playback_key_pair),
    TAGGABLE(playback_restriction_policy),
    TAGGABLE(ad_configuration),
    TAGGABLE(failover_slate_configuration),
};

static const struct taggable *taggable_of(struct scope scope, const char *arn)
{
    for (size_t i = 0; i < COUNT_OF(taggables); i++) {
        if (arn_id(taggables[i].kind, scope, arn)[0] != '\0')
            return &taggables[i];
    }
    return NULL;
}

static void bind(struct stmt *q, const struct taggable *taggable, struct scope scope,
                 const char *arn)
{
    bind_resource(q, scope, taggable->kind, arn);
}

enum db_result tags_find(struct txn *txn, struct scope scope, const char *arn,
                         const char **out)
{
    const struct taggable *taggable = taggable_of(scope, arn);

    if (taggable == NULL)
        return DB_NONE;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, taggable->find);
    bind(q, taggable, scope, arn);
    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        *out = stmt_column_text(q, 0);
    return found;
}

enum db_result tags_replace(struct txn *txn, struct scope scope, const char *arn,
                            const char *tags)
{
    const struct taggable *taggable = taggable_of(scope, arn);

    if (taggable == NULL)
        return DB_NONE;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, taggable->replace);
    bind(q, taggable, scope, arn);
    stmt_text(q, ":tags", tags);
    return stmt_step(q);
}
