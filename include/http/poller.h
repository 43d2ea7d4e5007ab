/*
 * A thread that waits for many sockets and timers at once. It calls back when a socket
 * can be read or written, or when a timer has expired. It is independent of protocols.
 *
 * All callbacks run in the poller's thread and must not block. Unless stated otherwise,
 * functions may only be called in that thread: by callbacks and by posted functions.
 * Sockets, timers and tasks are members of their owner's struct; the poller allocates
 * nothing for them. They may be removed, and their memory freed, inside any callback.
 */
#ifndef HTTP_POLLER_H
#define HTTP_POLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"

struct poller;

/* NULL: no descriptor or no thread is available. */
struct poller *poller_start(void) NODISCARD;

/*
 * Runs what was posted before, calls `stopped` of every remaining socket, runs the tasks
 * that this deferred, then ends the thread. Nothing can be posted from then on. Frees the
 * poller unless others have references to it. Must be called by another thread. NULL is
 * fine.
 */
void poller_stop(struct poller *poller);

/* References keep the memory of a poller, so that it may still be posted to after it was
 * stopped. From any thread. */
struct poller *poller_ref(struct poller *poller) NODISCARD;

/* Releases a reference. From any thread. NULL is fine. */
void poller_unref(struct poller *poller);

/* Whether this is the poller's thread. From any thread. */
bool poller_runs_here(const struct poller *poller);

typedef void poller_function(void *context);

/* Runs the function in the poller's thread, after what the same thread posted before.
 * From any thread. False: the poller is stopping, and the function will not run. */
bool poller_post(struct poller *poller, poller_function *function,
                 void *context) NODISCARD;

/* A function that runs once, at the end of the poller's current turn, in which it calls
 * back for everything that is ready. */
struct poller_task {
    poller_function *function;
    void *context;
    /* Private: */
    struct poller_task *next;
    bool waiting;
};

/* Has no effect if the task is waiting already. It must live until it has run. */
void poller_defer(struct poller *poller, struct poller_task *task);

/* What a socket is watched for. */
enum poller_interest { POLLER_READ = 1, POLLER_WRITE = 2 };

struct poller_callbacks {
    poller_function *readable; /* there are bytes, or the end of input, or an error */
    poller_function *writable;
    /* The connection has an error or was closed in both directions, while the socket is
     * not watched for POLLER_READ. This must remove the socket. */
    poller_function *failed;
    poller_function *stopped; /* the poller stops; this must remove the socket */
};

struct poller_socket {
    int fd;
    const struct poller_callbacks *callbacks;
    void *context;
    /* Private: */
    struct poller *poller;
    struct poller_socket *next, *previous;
    unsigned interest;
};

/* Watches a socket, whose `fd`, `callbacks` and `context` are set. -1: the system cannot
 * watch it; the error is logged. */
int poller_add(struct poller *poller, struct poller_socket *socket,
               unsigned interest) NODISCARD;

/* Changes what the socket is watched for. Cheap if nothing changes. */
void poller_change(struct poller_socket *socket, unsigned interest);

/* Stops watching the socket; there are no further callbacks. The descriptor stays open:
 * the owner closes it afterwards. */
void poller_remove(struct poller_socket *socket);

struct poller_timer {
    poller_function *expired;
    void *context;
    /* Private: */
    struct poller *poller; /* NULL: not running */
    int64_t due_ms;
    uint64_t number;
    size_t place;
};

/* Calls `expired` once after the delay. A running timer is restarted. Timers that are due
 * in the same millisecond expire in the order of their start. */
void poller_timer_start(struct poller *poller, struct poller_timer *timer,
                        int64_t delay_ms);

/* Has no effect if the timer is not running. */
void poller_timer_stop(struct poller_timer *timer);

enum { POLLER_SCRATCH_BYTES = 64 * 1024 };

/* A buffer of POLLER_SCRATCH_BYTES to read into, for the duration of one callback, so
 * that an idle connection needs no buffer. */
char *poller_scratch(struct poller *poller);

#endif
