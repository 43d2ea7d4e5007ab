#include "events/publish.h"

#include "base/bug.h"
#include "base/json.h"
#include "base/timestamp.h"
#include "data/event.h"
#include "events/detail_types.h"

/* Whoever waits for an event or filters by its name relies on the table. */
static void check_is_listed(const struct event_input *input, const cJSON *detail)
{
    const struct detail_type *type = detail_type_find(input->detail_type);
    const char *name = type != NULL ? detail_type_event_name(type, detail) : NULL;

    if (name == NULL || !detail_type_has(type, name))
        BUG("no event %s of %s is listed", name != NULL ? name : "without a name",
            input->detail_type);
}

enum db_result event_publish(struct txn *txn, struct scope scope, struct ids *ids,
                             const struct event_input *input, cJSON *detail)
{
    struct arena *arena = txn_arena(txn);
    cJSON *envelope AUTO(json_done) = cJSON_CreateObject();
    char id[IDS_UUID_BYTES];

    check_is_listed(input, detail);
    ids_uuid(ids, id);
    cJSON_AddStringToObject(envelope, "version", "0");
    cJSON_AddStringToObject(envelope, "id", id);
    cJSON_AddStringToObject(envelope, "detail-type", input->detail_type);
    cJSON_AddStringToObject(envelope, "source", input->source);
    cJSON_AddStringToObject(envelope, "account", scope.account);
    cJSON_AddStringToObject(envelope, "time", timestamp_text(arena, input->time_ms));
    cJSON_AddStringToObject(envelope, "region", scope.region);
    cJSON *resources = cJSON_AddArrayToObject(envelope, "resources");
    if (input->resource_arn[0] != '\0')
        cJSON_AddItemToArray(resources, cJSON_CreateString(input->resource_arn));
    cJSON_AddItemToObject(envelope, "detail", detail);
    return event_insert(txn, scope,
                        &(struct event){.detail_type = input->detail_type,
                                        .resource_arn = input->resource_arn,
                                        .envelope = json_text(arena, envelope)});
}
