#include "events/publish.h"

#include "base/json.h"
#include "base/timestamp.h"
#include "data/event.h"

enum db_result event_publish(struct txn *txn, struct scope scope, struct ids *ids,
                             const struct event_input *input, cJSON *detail)
{
    struct arena *arena = txn_arena(txn);
    cJSON *envelope AUTO(json_done) = cJSON_CreateObject();
    char id[IDS_UUID_BYTES];

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
