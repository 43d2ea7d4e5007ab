#include "markdown_internal.h"

#include <stdio.h>

void markdown_print_cell(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            putchar('\\');
        putchar(*text);
    }
}
