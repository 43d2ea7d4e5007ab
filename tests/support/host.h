/*
 * An HTTP server without the emulator, for tests of src/http; and counters that its
 * threads increment and the test waits for.
 */
#ifndef TESTS_SUPPORT_HOST_H
#define TESTS_SUPPORT_HOST_H

#include "http/server.h"
#include "http_client.h"

#include <stddef.h>

/* A grace period that no stop may need. */
enum { HOST_LONG_GRACE_MS = 60 * 1000 };

struct host;

struct host *host_new(void);

/* Starts the server on a free port of 127.0.0.1; of the options, host and port are
 * ignored. The test fails if it does not start. */
void host_start(struct host *host, const struct http_options *options);

/* Stops only the server, which ends everything that it still holds. */
void host_stop(struct host *host, int grace_ms);

/* Ends everything, including connections. */
void host_free(struct host *host);

/* A new connection, which ends with the host; the second with as small a receive buffer
 * as the system allows. */
struct http_client *host_connect(struct host *host);
struct http_client *host_connect_narrow(struct host *host);

/* Closes a connection earlier. */
void host_disconnect(struct host *host, struct http_client *client);

/* Adds 1 to a counter. Any thread. */
void host_count(struct host *host, size_t *counter);

/* The value of a counter. */
size_t host_counted(struct host *host, const size_t *counter);

/* Waits until a counter has this value or more; the test fails if it takes too long. */
void host_wait(struct host *host, const size_t *counter, size_t least);

/* Memory that lives as long as the host. Only for the test's own thread. */
struct arena *host_arena(struct host *host);

#endif
