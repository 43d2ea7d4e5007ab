/*
 * Where the lines of the log go: standard error.
 *
 * It may be a pipe that nobody reads, such as that of a test suite which starts the
 * program. A full pipe must not stop the server, so what does not fit is lost, and
 * counted.
 */
#ifndef BASE_LOG_SINK_INTERNAL_H
#define BASE_LOG_SINK_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

/* How long a line waits for a reader that is merely slow. Once a line has waited in vain,
 * the next ones do not wait, until one can be written. */
enum { LOG_SINK_PATIENCE_MS = 100 };

/* Writes a line of at most PIPE_BUF bytes with one call of the system. Thread-safe. */
void log_sink_write(const char *line, size_t length);

/* The number of lines lost since the last call, if a line can be written now; else 0. */
uint64_t log_sink_take_lost(void);

#endif
