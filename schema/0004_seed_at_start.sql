-- That a seed was run at start: one row, written in the transaction of that seed, so that
-- it is run once for a database and either whole or not at all.
CREATE TABLE start_seed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    run_at_ms INTEGER NOT NULL
) STRICT;
