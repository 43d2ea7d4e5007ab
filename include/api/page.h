/*
 * Pages of a list. A token names the last row that was seen and belongs to the operation,
 * the scope and the filter it was made for, so it outlives inserts and deletes, and is
 * refused anywhere else.
 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "api/call.h"

struct page {
    size_t limit;  /* rows to answer */
    int64_t after; /* rows come after this place in the order */
    const char *filter;
};

/*
 * Reads maxResults and nextToken of the call. `filter` says what the list is narrowed
 * by, "" for nothing; it lives as long as the page. -1: the token is not ours or belongs
 * to another list, and the error is recorded.
 */
int page_open(struct call *call, size_t default_limit, const char *filter,
              struct page *out) NODISCARD;

/* Answers nextToken: the page after the row at `last`. */
void page_more(struct call *call, const struct page *page, int64_t last);

#endif
