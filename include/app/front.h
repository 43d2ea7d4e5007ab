/*
 * The front end: turns HTTP requests into calls and their outcome into HTTP answers.
 * It refuses foreign origins and unreadable requests before anything runs.
 */
#ifndef APP_FRONT_H
#define APP_FRONT_H

#include "api/access_key.h"
#include "api/emulator.h"
#include "app/config.h"
#include "http/server.h"

struct front {
    struct emulator *emu;
    struct config_list allow_origins; /* empty: those of this machine */
    const char *default_host; /* without port: for callers that name no usable one */
    const struct access_keys *access_keys; /* NULL: signatures are not verified */
};

/* The handler of the HTTP server; `context` is a struct front. */
http_handler front_handle;

#endif
