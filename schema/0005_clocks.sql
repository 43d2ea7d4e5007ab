-- Clocks that tests move.

-- By how much the clock of an account and region was moved forward. No row: not at all.
CREATE TABLE clock (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    offset_ms INTEGER NOT NULL CHECK (offset_ms > 0),
    PRIMARY KEY (account, region)
) STRICT, WITHOUT ROWID;
