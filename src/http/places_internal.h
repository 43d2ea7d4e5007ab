/*
 * The places of the server: one for each connection. A thread ends the connections that
 * hold a place for too long without a complete request, and does so earlier when few
 * places are left. Any thread may call these functions.
 *
 * A connection to which the server is responding, however long that takes, is left alone.
 */
#ifndef HTTP_PLACES_INTERNAL_H
#define HTTP_PLACES_INTERNAL_H

#include "base/attrs.h"
#include "http/server.h"

#include <stdbool.h>
#include <sys/socket.h>

struct places;
struct place;

/* All limits must be set. NULL: no thread is available. */
struct places *places_new(const struct http_limits *limits) NODISCARD;

/* No place may be taken. NULL is fine. */
void places_free(struct places *places);

/* Whether a connection from the address may be accepted. Several threads that ask at the
 * same time may exceed the limit by their number. */
bool places_admit(struct places *places, const struct sockaddr *address) NODISCARD;

/* A connection was accepted, and waits for a request. Its socket must stay open until
 * place_leave(), except while the server responds. */
struct place *places_enter(struct places *places, int fd, const struct sockaddr *address);

/* The beginning of a request has arrived. */
void place_receives(struct place *place);

/* The request is complete. */
void place_responds(struct place *place);

/* The response is complete: the connection waits again. */
void place_waits(struct place *place);

/* The connection is over. */
void place_leave(struct place *place);

#endif
