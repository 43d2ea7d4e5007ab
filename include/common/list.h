/*
 * Returning one page of a list.
 */
#ifndef COMMON_LIST_H
#define COMMON_LIST_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "api/call.h"
#include "api/page.h"

/* The rows that a query read: one more than the page has means that there is another
 * page. Each row is a struct that begins with an int64_t, its place in the order of the
 * list. */
struct list_rows {
    const void *first;
    size_t size; /* of one row */
    size_t count;
};

/* Returns the JSON of a row in a list. */
typedef cJSON *list_row_json(const struct call *call, const void *row);

/* Adds the rows that fit the page as the list `member` of the output, and the token of
 * the next page if there is one. */
void list_respond(struct call *call, const struct page *page, const char *member,
                  const struct list_rows *rows, list_row_json *json);

#endif
