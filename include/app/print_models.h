/*
 * The commands `ivs-local model` and `ivs-local openapi`: print the control API as a
 * service model of botocore and as OpenAPI.
 */
#ifndef APP_PRINT_MODELS_H
#define APP_PRINT_MODELS_H

#include <stdio.h>

#include "base/arena.h"

/* The arena is for scratch memory. */
void print_botocore_model(FILE *to, struct arena *arena);

/* The URL of the server is that of the defaults of the options. */
void print_openapi(FILE *to, struct arena *arena);

#endif
