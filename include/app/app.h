/*
 * A running server: components are started in order and stopped in reverse.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "api/emulator.h"
#include "app/config.h"
#include "base/attrs.h"

/* The services of this program. Ends with NULL. */
extern const struct service *const app_services[];

struct app;

/*
 * Opens the database and starts the server. Returns NULL if that is impossible: *why (in
 * the arena) is one line for the user. The configuration and the arena must outlive the
 * app.
 */
struct app *app_start(const struct config *config, struct arena *arena,
                      const char **why) NODISCARD;

/* Returns the URL of the server, such as http://127.0.0.1:4580. */
const char *app_url(const struct app *app);

/* Completes requests in flight and closes the database. NULL is accepted. */
void app_stop(struct app *app);

#endif
