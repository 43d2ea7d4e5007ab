/*
 * The command `ivs-local completion`: what a shell loads to complete our command line.
 */
#ifndef APP_COMPLETION_H
#define APP_COMPLETION_H

#include <stdio.h>

#include "app/config.h"

void completion_print(FILE *to, enum config_shell shell);

#endif
