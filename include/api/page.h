/*
 * Pages of a list. A token names the last row that was returned and is bound to the
 * operation, the scope and the filter it was made for, so it remains valid across inserts
 * and deletes, and is rejected anywhere else.
 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "api/call.h"

struct page {
    size_t limit;  /* the number of rows to return */
    int64_t after; /* rows follow this position in the order */
    const char *filter;
};

/*
 * Reads maxResults and nextToken of the call. `filter` identifies the filter of the list,
 * "" for none; it must live as long as the page. Returns -1 if the token is invalid or
 * belongs to another list: the error is recorded.
 */
int page_open(struct call *call, size_t default_limit, const char *filter,
              struct page *out) NODISCARD;

/* Sets nextToken: the page after the row at `last`. */
void page_more(struct call *call, const struct page *page, int64_t last);

#endif
