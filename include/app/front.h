/*
 * The front end: converts HTTP requests to calls and their results to HTTP responses. It
 * refuses foreign origins and unreadable requests before an operation runs.
 */
#ifndef APP_FRONT_H
#define APP_FRONT_H

#include "api/access_key.h"
#include "api/emulator.h"
#include "app/callers.h"
#include "app/config.h"
#include "http/server.h"

struct front {
    struct emulator *emu;
    struct config_list allow_origins; /* empty: the loopback origins */
    const char *default_host; /* without port: for requests without a usable Host */
    const struct access_keys *access_keys; /* NULL: signatures are not verified */
    struct callers *callers;               /* NULL: nobody is warned of mistakes */
};

/* The handler of the HTTP server; `context` is a struct front. */
http_handler front_handle;

#endif
