/*
 * Entries of chat logs, for tests of what writes them.
 */
#ifndef TESTS_UNIT_LOG_ENTRIES_H
#define TESTS_UNIT_LOG_ENTRIES_H

#include "../../src/chat/log_lane_internal.h"

/* 2022-10-14T17:48:00.653Z */
#define LOG_TIME_MS INT64_C(1665769680653)

/* A record of account 123456789012 in us-west-2. */
struct log_entry *log_entry_of(const char *room_id, const char *destination,
                               int64_t time_ms, const char *line) NODISCARD;

/* The same in eu-west-1. */
struct log_entry *log_entry_abroad(const char *room_id, const char *destination,
                                   int64_t time_ms, const char *line) NODISCARD;

/* A request to complete the files of us-west-2, or of all. */
struct log_entry *log_entry_closing(bool all) NODISCARD;

void assert_tally(const struct log_tally *tally, long long written, long long dropped,
                  long long failed);

#endif
