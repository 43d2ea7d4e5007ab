/*
 * Finding what is due next across all scopes, although their clocks differ.
 */
#ifndef DATA_CLOCK_INTERNAL_H
#define DATA_CLOCK_INTERNAL_H

/*
 * The text of a query for the first row of `table`, by the machine's clock, among those
 * that match `waits`: `columns`, then account, region and how far the scope's clock is
 * ahead. `time` is a column with a time of the scope's clock. The rows of scopes whose
 * clock was not moved, nearly all of them, are found by the index of `time`.
 */
#define FIRST_BY_CLOCK(columns, table, waits, time)                                      \
    "WITH first AS ("                                                                    \
    " SELECT * FROM (SELECT " table ".*, 0 AS offset_ms FROM " table " WHERE " waits     \
    "  AND NOT EXISTS (SELECT 1 FROM clock WHERE clock.account = " table ".account"      \
    "   AND clock.region = " table ".region)"                                            \
    "  ORDER BY " time " LIMIT 1)"                                                       \
    " UNION ALL"                                                                         \
    " SELECT * FROM (SELECT " table ".*, clock.offset_ms FROM clock JOIN " table         \
    "  USING (account, region) WHERE " waits "  ORDER BY " time                          \
    " - clock.offset_ms LIMIT 1))"                                                       \
    " SELECT " columns ", account, region, offset_ms FROM first"                         \
    " ORDER BY " time " - offset_ms LIMIT 1"

#endif
