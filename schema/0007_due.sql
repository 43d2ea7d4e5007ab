-- What is due, found at a cost that does not grow with what is stored.

-- When something is due next in an account and region, by the machine's clock: never later
-- than what is due first there, so that the engine finds it, but possibly earlier, when that
-- was deleted or its clock was reset. No row: nothing is due.
CREATE TABLE due (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (account, region)
) STRICT, WITHOUT ROWID;

CREATE INDEX due_in_order ON due (at_ms);

-- A scope's next recording to end, in the place of that of all scopes.
DROP INDEX recording_due;
CREATE INDEX recording_due ON recording (account, region, ends_at_ms)
    WHERE ends_at_ms IS NOT NULL;

-- Whatever an older program left is looked at once.
INSERT INTO due SELECT account, region, 0 FROM stream_session
    UNION SELECT account, region, 0 FROM recording;
