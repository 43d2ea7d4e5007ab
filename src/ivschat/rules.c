#include "rules_internal.h"

#include "base/json.h"
#include "chat/request.h"

int ivschat_load_room(struct call *call, const char *arn, struct room *out)
{
    return call_found(call, room_find(call->txn, call->scope, arn, out), arn);
}

int ivschat_check_attributes(struct call *call, int max_bytes)
{
    const cJSON *attributes = in_item(call, "attributes");

    if (attributes == NULL || chat_attribute_bytes(attributes) <= max_bytes)
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
