#include "data/tags.h"

#include "bind_internal.h"
#include "data/channel.h"
#include "data/recording_configuration.h"
#include "data/stream_key.h"

#define OF_RESOURCE " WHERE account = :account AND region = :region AND id = :id"

/* Every kind of resource with tags: a new one is a row here. */
static const struct taggable {
    const struct arn_kind *kind;
    const char *find;
    const char *replace;
} taggables[] = {
    {&channel_arn_kind,                 "SELECT tags FROM channel" OF_RESOURCE,
     "UPDATE channel SET tags = :tags" OF_RESOURCE                },
    {&stream_key_arn_kind,              "SELECT tags FROM stream_key" OF_RESOURCE,
     "UPDATE stream_key SET tags = :tags" OF_RESOURCE             },
    {&recording_configuration_arn_kind,
     "SELECT tags FROM recording_configuration" OF_RESOURCE,
     "UPDATE recording_configuration SET tags = :tags" OF_RESOURCE},
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
