#include "log_sink_internal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

/* One thread at a time, or another could fill the room that poll() has found. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool stalled; /* under the lock: the last line was lost */
static atomic_uint_least64_t lost;

/* Whether a write would not wait. Of a pipe that means room for PIPE_BUF bytes. An error,
 * such as a reader that is gone, is left to the write. */
static bool has_room(int timeout_ms)
{
    struct pollfd sink = {.fd = STDERR_FILENO, .events = POLLOUT};

    return poll(&sink, 1, timeout_ms) != 0;
}

/* If it cannot be written, there is nobody to tell. */
static void write_all(const char *line, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, line, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        line += written;
        length -= (size_t)written;
    }
}

void log_sink_write(const char *line, size_t length)
{
    pthread_mutex_lock(&lock);
    stalled = !has_room(stalled ? 0 : LOG_SINK_PATIENCE_MS);
    if (stalled)
        atomic_fetch_add(&lost, 1);
    else
        write_all(line, length);
    pthread_mutex_unlock(&lock);
}

uint64_t log_sink_take_lost(void)
{
    uint64_t count = 0;

    if (atomic_load(&lost) == 0)
        return 0;
    pthread_mutex_lock(&lock);
    if (has_room(0))
        count = atomic_exchange(&lost, 0);
    pthread_mutex_unlock(&lock);
    return count;
}
