#include "ivschat/service.h"

#include "chat/chat.h"
#include "common/headers.h"
#include "ivschat_internal.h"

/* The rates are from the service quotas page. Fidelity: ivschat-throttling-1 */
#define OP(Name, METHOD, uri, status, access, rate, handler)                             \
    OPERATION_ROW(ivschat, Name, METHOD, uri, status, access, handler, rate)

static const struct operation operations[] = {
#include "operations.def"
};

const struct service ivschat_service = {
    .name = "ivschat",
    .title = "Amazon IVS Chat",
    .signing_name = "ivschat",
    .host_label = "ivschat",
    .headers = common_headers, /* Fidelity: ivschat-headers-1 */
    .error_member = NULL,      /* besides message. Fidelity: ivschat-errors-4 */
    .add_error_members = ivschat_add_error_members,
    .emulated = true,
    .actions = chat_request_names,
    .quotas = ivschat_quotas,
    .operations = operations,
    .count = COUNT_OF(operations),
};
