#include "log_entries.h"

#include <string.h>

#include "support/cmocka_all.h"

#define ACCOUNT "123456789012"

static struct log_entry *entry_in(const char *region, const char *room_id,
                                  const char *destination, int64_t time_ms,
                                  const char *line)
{
    const struct log_entry entry = {
        .scope = {.account = ACCOUNT, .region = region},
        .room_id = room_id,
        .destination = destination,
        .line = line,
        .line_length = strlen(line),
        .time_ms = time_ms,
    };

    return log_entry_new(&entry);
}

struct log_entry *log_entry_of(const char *room_id, const char *destination,
                               int64_t time_ms, const char *line)
{
    return entry_in("us-west-2", room_id, destination, time_ms, line);
}

struct log_entry *log_entry_abroad(const char *room_id, const char *destination,
                                   int64_t time_ms, const char *line)
{
    return entry_in("eu-west-1", room_id, destination, time_ms, line);
}

struct log_entry *log_entry_closing(bool all)
{
    const struct log_entry entry = {
        .closes = true,
        .scope = {.account = all ? NULL : ACCOUNT, .region = all ? NULL : "us-west-2"},
    };

    return log_entry_new(&entry);
}

void assert_tally(const struct log_tally *tally, long long written, long long dropped,
                  long long failed)
{
    assert_int_equal(atomic_load(&tally->written), written);
    assert_int_equal(atomic_load(&tally->dropped), dropped);
    assert_int_equal(atomic_load(&tally->failed), failed);
}
