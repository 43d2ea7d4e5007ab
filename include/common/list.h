/*
 * Answering one page of a list.
 */
#ifndef COMMON_LIST_H
#define COMMON_LIST_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "api/call.h"
#include "api/page.h"

/* The rows that a query read: one more than the page has shows that there is another
 * page. Each is a struct that begins with its int64_t seq. */
struct list_rows {
    const void *first;
    size_t size; /* of one */
    size_t count;
};

/* How a row is shown in a list. */
typedef cJSON *list_row_json(const struct call *call, const void *row);

/* Adds the rows that fit the page as the list `member` of the output, and the token of
 * the next page if there is one. */
void list_answer(struct call *call, const struct page *page, const char *member,
                 const struct list_rows *rows, list_row_json *json);

#endif
