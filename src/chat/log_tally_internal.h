/*
 * What became of the records of chat logs, counted and logged.
 */
#ifndef CHAT_LOG_TALLY_INTERNAL_H
#define CHAT_LOG_TALLY_INTERNAL_H

#include <stdatomic.h>
#include <stddef.h>

/* Shared by the threads. Initially all zero. */
struct log_tally {
    atomic_llong written, dropped, failed;
};

void log_tally_written(struct log_tally *tally, size_t count);

/* Counts and logs records that a destination, such as "s3" and "my-bucket", did not
 * accept. */
void log_tally_failed(struct log_tally *tally, size_t count, const char *kind,
                      const char *name, const char *why);

/* Counts and logs records that were dropped because too many waited, or because the
 * program ends. */
void log_tally_dropped(struct log_tally *tally, size_t count, const char *kind,
                       const char *why);

#endif
