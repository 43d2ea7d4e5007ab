#include "log_tally_internal.h"

#include "base/log.h"

void log_tally_written(struct log_tally *tally, size_t count)
{
    atomic_fetch_add(&tally->written, (long long)count);
}

void log_tally_failed(struct log_tally *tally, size_t count, const char *kind,
                      const char *name, const char *why)
{
    char quoted[LOG_QUOTED_BYTES], reason[LOG_QUOTED_BYTES];

    atomic_fetch_add(&tally->failed, (long long)count);
    log_warn("chat log records were not accepted", "kind=%s name=%s reason=%s", kind,
             log_quoted(name, quoted), log_quoted(why, reason));
}

void log_tally_dropped(struct log_tally *tally, size_t count, const char *kind,
                       const char *why)
{
    atomic_fetch_add(&tally->dropped, (long long)count);
    log_warn("chat log records were dropped", "kind=%s count=%zu reason=\"%s\"", kind,
             count, why);
}
