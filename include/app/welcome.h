/*
 * The lines for a person who has started the server at a terminal.
 */
#ifndef APP_WELCOME_H
#define APP_WELCOME_H

#include <stdio.h>

#include "app/config.h"
#include "base/arena.h"

/* Prints where the data is, what to export, and where to look. `url` is that of the
 * server, which has opened its database. */
void welcome_print(FILE *to, const struct config *config, const char *url,
                   struct arena *arena);

#endif
