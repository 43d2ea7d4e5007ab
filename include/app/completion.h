/*
 * The command `ivs-local completion`: prints a shell's completion script for this
 * program.
 */
#ifndef APP_COMPLETION_H
#define APP_COMPLETION_H

#include <stdio.h>

#include "app/config.h"

void completion_print(FILE *to, enum config_shell shell);

#endif
