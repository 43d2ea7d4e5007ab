/*
 * Timestamps as text: RFC 3339 in the API, milliseconds since the epoch in the program.
 * The API has no times outside the years 1970 to 9999.
 */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"

/* The second millisecond of 1970, because 0 means "no time", and the last one of 9999. */
#define TIMESTAMP_MIN_MS INT64_C(1)
#define TIMESTAMP_MAX_MS INT64_C(253402300799999)

/* The time, or the nearest limit if it is outside the limits. */
int64_t timestamp_clamp_ms(int64_t time_ms) NODISCARD;

/* Returns `2020-05-05T21:55:38Z`, the format of most timestamps of the API, in whole
 * seconds. A time outside the limits is printed as the nearest limit. */
const char *timestamp_text(struct arena *arena, int64_t time_ms) NODISCARD;

/* The same in milliseconds: `2020-05-05T21:55:38.123Z`. */
const char *timestamp_ms_text(struct arena *arena, int64_t time_ms) NODISCARD;

/*
 * Parses a timestamp of RFC 3339, such as 2020-05-05T21:55:38.123+02:00. Fractions beyond
 * milliseconds are dropped. Returns -1 and leaves *out_ms untouched if the text is not a
 * timestamp or is outside the years 1970 to 9999.
 */
int timestamp_parse(const char *text, int64_t *out_ms) NODISCARD;

#endif
