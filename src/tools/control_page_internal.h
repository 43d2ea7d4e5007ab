/*
 * The page about the control API, in Markdown.
 */
#ifndef CONTROL_PAGE_INTERNAL_H
#define CONTROL_PAGE_INTERNAL_H

void control_page_print(void);

#endif
