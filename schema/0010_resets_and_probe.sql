-- Resets that are not complete: of an account and region, or of all for two empty texts.
-- A Reset of much deletes it in several transactions; the calls of the account and region
-- wait for the last one, also after the server was killed in between.
CREATE TABLE unfinished_reset (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    PRIMARY KEY (account, region)
) STRICT, WITHOUT ROWID;

-- What the health check writes, to find out whether anything can be written.
CREATE TABLE write_probe (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    bit INTEGER NOT NULL CHECK (bit IN (0, 1)), -- changes each time
    filler BLOB -- as much as a call may write, after a failure
) STRICT;
