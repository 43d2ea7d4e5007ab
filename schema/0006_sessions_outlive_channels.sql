-- The sessions of a deleted channel are kept for as long as those of any other channel, so
-- they no longer refer to it. The engine deletes a session when its time is over.
--
-- SQLite cannot remove a foreign key, so the table is created again. seq goes on from where
-- it was.
CREATE TEMP TABLE old_session AS SELECT * FROM stream_session;
CREATE TEMP TABLE old_sequence AS
    SELECT seq FROM sqlite_sequence WHERE name = 'stream_session';
DROP TABLE stream_session;

-- One stay of an encoder at a channel. Live while `ended_at_ms` is NULL; the snapshots
-- are of the time of going live.
CREATE TABLE stream_session (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    stream_id TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    health TEXT NOT NULL CHECK (health IN ('HEALTHY', 'STARVING', 'UNKNOWN')),
    viewer_count INTEGER NOT NULL,
    has_error_event INTEGER NOT NULL CHECK (has_error_event IN (0, 1)),
    ad_break_until_ms INTEGER NOT NULL,     -- an ad break runs before this time
    channel_snapshot TEXT NOT NULL,         -- JSON without the URLs
    recording_snapshot TEXT,                -- JSON; NULL: did not record
    failover_slate_snapshot TEXT,           -- JSON; NULL: has none
    ingest_configuration TEXT NOT NULL,     -- JSON: video and audio
    UNIQUE (account, region, channel_id, stream_id)
) STRICT;

INSERT INTO stream_session SELECT * FROM old_session ORDER BY seq;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM old_sequence)
    WHERE name = 'stream_session' AND EXISTS (SELECT 1 FROM old_sequence);
INSERT INTO sqlite_sequence (name, seq) SELECT 'stream_session', seq FROM old_sequence
    WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'stream_session');
DROP TABLE old_session;
DROP TABLE old_sequence;

-- A channel has at most one live stream; a scope's live streams in the order they began.
CREATE UNIQUE INDEX stream_session_live ON stream_session (account, region, channel_id)
    WHERE ended_at_ms IS NULL;
CREATE INDEX stream_session_live_in_order ON stream_session (account, region)
    WHERE ended_at_ms IS NULL;
-- The sessions of a channel, newest last.
CREATE INDEX stream_session_by_channel ON stream_session (account, region, channel_id);
-- A scope's next stream to reach its maximum length, and next session to be deleted.
CREATE INDEX stream_session_oldest_live ON stream_session (account, region, started_at_ms)
    WHERE ended_at_ms IS NULL;
CREATE INDEX stream_session_ended ON stream_session (account, region, ended_at_ms)
    WHERE ended_at_ms IS NOT NULL;

-- Live streams count as a resource of their own.
CREATE TRIGGER stream_counted AFTER INSERT ON stream_session
WHEN new.ended_at_ms IS NULL BEGIN
    INSERT INTO resource_count VALUES (new.account, new.region, 'stream', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER stream_uncounted AFTER UPDATE OF ended_at_ms ON stream_session
WHEN old.ended_at_ms IS NULL AND new.ended_at_ms IS NOT NULL BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region AND resource = 'stream';
END;

CREATE TRIGGER stream_deleted AFTER DELETE ON stream_session
WHEN old.ended_at_ms IS NULL BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region AND resource = 'stream';
END;
