/*
 * A running server: everything started in order, and stopped in reverse.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "api/emulator.h"
#include "app/config.h"
#include "base/attrs.h"

/* The services this program has. Ends with NULL. */
extern const struct service *const app_services[];

struct app;

/*
 * Opens the database and starts to serve. NULL if that is impossible: *why (in the
 * arena) is one line for the user. The configuration and the arena must outlive the app.
 */
struct app *app_start(const struct config *config, struct arena *arena,
                      const char **why) NODISCARD;

/* Where it serves, such as http://127.0.0.1:4580. */
const char *app_url(const struct app *app);

/* Finishes what is in flight and closes the database. NULL is fine. */
void app_stop(struct app *app);

#endif
