/*
 * An HTTP server of which every path is a WebSocket that sends messages back, for tests:
 *
 *   /        whatever comes, up to 16 MiB
 *   /small   at most 1,024 bytes in 4 fragments
 *   /pings   pings after 20 ms of silence
 *   /idle    closes after 50 ms of silence
 *   /close   closes with what the message says, such as "4001 as you wish"
 *   /flood   sends the message back 100 times, to readers that keep up with that
 *
 * The subprotocols are echo.v1 and echo.v2.
 */
#ifndef TESTS_SUPPORT_ECHO_SERVER_H
#define TESTS_SUPPORT_ECHO_SERVER_H

#include <stddef.h>

#include "base/attrs.h"

struct echo_server;

/* Listens on a free port of 127.0.0.1, and refuses requests for more WebSockets than that
 * at once. NULL: it cannot. */
struct echo_server *echo_server_start(size_t max_connections) NODISCARD;

/* Ends all connections. */
void echo_server_stop(struct echo_server *server);

int echo_server_port(const struct echo_server *server);

/* Waits until so many connections are over and have released their contexts. */
void echo_server_expect_over(struct echo_server *server, int count);

#endif
