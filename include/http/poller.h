/*
 * A thread that waits for many sockets at once and calls their owners when one can be
 * read or written, or when a timer has expired. It knows no protocol.
 *
 * All callbacks run in the poller's thread and must not block. Except where it says
 * otherwise, functions may be called in that thread only: from callbacks, and from what
 * was posted. Sockets, timers and tasks are members of their owner's struct; the poller
 * allocates nothing for them. They may be removed, and their memory freed, inside any
 * callback.
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

/* Something to do once, at the end of the present turn of the poller, in which it calls
 * back for everything that is ready. */
struct poller_task {
    poller_function *function;
    void *context;
    /* The poller's own: */
    struct poller_task *next;
    bool waiting;
};

/* Does nothing if the task waits already. It must live until it has run. */
void poller_defer(struct poller *poller, struct poller_task *task);

/* What a socket is watched for. */
enum poller_interest { POLLER_READ = 1, POLLER_WRITE = 2 };

struct poller_callbacks {
    poller_function *readable; /* there are bytes, or the end, or an error */
    poller_function *writable;
    /* The connection has ended both ways or has an error, and reading was not asked for.
     * The socket must be removed. */
    poller_function *failed;
    poller_function *stopped; /* the poller ends; the socket must be removed */
};

struct poller_socket {
    int fd;
    const struct poller_callbacks *callbacks;
    void *context;
    /* The poller's own: */
    struct poller *poller;
    struct poller_socket *next, *previous;
    unsigned interest;
};

/* Watches a socket, whose `fd`, `callbacks` and `context` are set. -1: the system refuses
 * to, which is in the log. */
int poller_add(struct poller *poller, struct poller_socket *socket,
               unsigned interest) NODISCARD;

/* Watches it for something else. Cheap if nothing changes. */
void poller_change(struct poller_socket *socket, unsigned interest);

/* Calls back no more. The descriptor stays open and is the owner's to close, afterwards.
 */
void poller_remove(struct poller_socket *socket);

struct poller_timer {
    poller_function *expired;
    void *context;
    /* The poller's own: */
    struct poller *poller; /* NULL: not running */
    int64_t due_ms;
    size_t place;
};

/* Calls `expired` once, when the time is over. A timer that runs begins anew. */
void poller_timer_start(struct poller *poller, struct poller_timer *timer,
                        int64_t delay_ms);

/* Does nothing if the timer does not run. */
void poller_timer_stop(struct poller_timer *timer);

enum { POLLER_SCRATCH_BYTES = 64 * 1024 };

/* Memory of POLLER_SCRATCH_BYTES to read into, for the duration of one callback: no
 * connection needs a buffer of its own while nothing is under way. */
char *poller_scratch(struct poller *poller);

#endif
