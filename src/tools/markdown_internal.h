/*
 * Tables of Markdown.
 */
#ifndef MARKDOWN_INTERNAL_H
#define MARKDOWN_INTERNAL_H

/* Prints the text of a cell: a | in it does not end the cell. */
void markdown_print_cell(const char *text);

#endif
