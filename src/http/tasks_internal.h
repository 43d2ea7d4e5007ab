/*
 * Requests that may take long, each handled in a thread other than the few that serve all
 * connections.
 */
#ifndef HTTP_TASKS_INTERNAL_H
#define HTTP_TASKS_INTERNAL_H

#include "base/attrs.h"

#include <microhttpd.h>
#include <stdbool.h>

struct tasks;

/* At most this many requests are handled at the same time; the others wait for their
 * turn. A thread is started when there is no idle one, and kept. */
enum { TASKS_MAX_THREADS = 64 };

struct tasks *tasks_new(void) NODISCARD;

/* No task may be left. NULL is fine. */
void tasks_free(struct tasks *tasks);

typedef void task_run(void *context);

/*
 * Suspends the connection, whose handler is running, calls `run` in another thread, and
 * resumes the connection: its handler is then called again. False: no thread is
 * available, or tasks_end() was called.
 */
bool tasks_add(struct tasks *tasks, struct MHD_Connection *connection, task_run *run,
               void *context) NODISCARD;

/* Accepts no further tasks, and returns when all are done. */
void tasks_end(struct tasks *tasks);

#endif
