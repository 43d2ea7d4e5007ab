#include "common/list.h"

void list_respond(struct call *call, const struct page *page, const char *member,
                  const struct list_rows *rows, list_row_json *json)
{
    cJSON *list = cJSON_AddArrayToObject(call->out, member);
    const char *row = rows->first;

    for (size_t i = 0; i < rows->count && i < page->limit; i++) {
        cJSON_AddItemToArray(list, json(call, row));
        row += rows->size;
    }
    if (rows->count > page->limit) {
        const int64_t *place = (const void *)(row - rows->size);
        page_more(call, page, *place);
    }
}
