#include "rules_internal.h"

#include "base/json.h"

#include <string.h>

int ivschat_load_room(struct call *call, const char *arn, struct room *out)
{
    return call_found(call, room_find(call->txn, call->scope, arn, out), arn);
}

int ivschat_check_attributes(struct call *call, int max_bytes)
{
    const cJSON *attribute;
    size_t bytes = 0;

    cJSON_ArrayForEach(attribute, in_item(call, "attributes")) {
        bytes += strlen(attribute->string) + strlen(attribute->valuestring);
    }
    if (bytes <= (size_t)max_bytes)
        return 0;
    return call_fail_about(
        call, &ERR_VALIDATION, (struct error_details){.member = "attributes"},
        "%s.attributes must have at most %d bytes", call->op->name, max_bytes);
}

const char *ivschat_attributes_text(const struct call *call, const char *absent)
{
    const cJSON *attributes = in_item(call, "attributes");

    return attributes != NULL ? json_text(call->arena, attributes) : absent;
}
