/*
 * Steps that the operations on several kinds of resources share.
 */
#include "rules_internal.h"

void ivs_answer_page(struct call *call, const struct page *page, const char *member,
                     const struct page_rows *rows, ivs_row_json *json)
{
    cJSON *list = cJSON_AddArrayToObject(call->out, member);
    const char *row = rows->first;

    for (size_t i = 0; i < rows->count && i < page->limit; i++) {
        cJSON_AddItemToArray(list, json(call, row));
        row += rows->size;
    }
    if (rows->count > page->limit) {
        const int64_t *seq = (const void *)(row - rows->size);
        page_more(call, page, *seq);
    }
}

int ivs_check_unused(struct call *call, enum channel_filter by, const char *arn)
{
    switch (channel_exists(call->txn, call->scope, by, arn)) {
    case DB_ROW:
        return call_fail(call, &ERR_CONFLICT, /* Fidelity: errors-4 */
                         "Resource: %s is in use by a channel", arn);
    case DB_NONE:
        return 0;
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}
