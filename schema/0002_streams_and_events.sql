-- The whole of the low-latency service: playback keys and restrictions, ads, streams and
-- their sessions, recordings, and the events that tell of them.

-- A public key that playback tokens are verified with.
CREATE TABLE playback_key_pair (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    public_key TEXT NOT NULL, -- PEM, as it was imported
    tags TEXT NOT NULL,
    UNIQUE (account, region, id),
    UNIQUE (account, region, fingerprint) -- the same key twice is refused
) STRICT;

CREATE INDEX playback_key_pair_in_order ON playback_key_pair (account, region);

-- From where a channel may be played.
CREATE TABLE playback_restriction_policy (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    allowed_countries TEXT NOT NULL, -- JSON list
    allowed_origins TEXT NOT NULL,   -- JSON list
    strict_origin_enforcement INTEGER NOT NULL CHECK (strict_origin_enforcement IN (0, 1)),
    tags TEXT NOT NULL,
    UNIQUE (account, region, id)
) STRICT;

CREATE INDEX playback_restriction_policy_in_order
    ON playback_restriction_policy (account, region);

-- How ads are inserted.
CREATE TABLE ad_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    media_tailor_playback_configurations TEXT NOT NULL, -- JSON list, echoed
    post_roll_configuration TEXT NOT NULL,              -- JSON, echoed
    tags TEXT NOT NULL,
    UNIQUE (account, region, id)
) STRICT;

CREATE INDEX ad_configuration_in_order ON ad_configuration (account, region);

-- What viewers see while the encoder is interrupted. In `settling_state` (CREATING or
-- UPDATING) until `settles_at_ms` on the emulator's clock, CREATED from then on.
CREATE TABLE failover_slate_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    activation_threshold_seconds INTEGER NOT NULL,
    min_display_seconds INTEGER NOT NULL,
    max_display_seconds INTEGER NOT NULL,
    settles_at_ms INTEGER NOT NULL,
    settling_state TEXT NOT NULL CHECK (settling_state IN ('CREATING', 'UPDATING')),
    tags TEXT NOT NULL,
    UNIQUE (account, region, id)
) STRICT;

CREATE INDEX failover_slate_configuration_in_order
    ON failover_slate_configuration (account, region);

-- What a channel points to, NULL for none. ALTER TABLE takes no foreign key of several
-- columns, so the handlers alone see to it that what is pointed to exists.
ALTER TABLE channel ADD COLUMN playback_restriction_policy_id TEXT;
ALTER TABLE channel ADD COLUMN ad_configuration_id TEXT;
ALTER TABLE channel ADD COLUMN failover_slate_configuration_id TEXT;

CREATE INDEX channel_by_playback_restriction_policy
    ON channel (account, region, playback_restriction_policy_id)
    WHERE playback_restriction_policy_id IS NOT NULL;
CREATE INDEX channel_by_ad_configuration
    ON channel (account, region, ad_configuration_id)
    WHERE ad_configuration_id IS NOT NULL;
CREATE INDEX channel_by_failover_slate_configuration
    ON channel (account, region, failover_slate_configuration_id)
    WHERE failover_slate_configuration_id IS NOT NULL;

-- A stream key is looked up by its value when an encoder comes with it.
CREATE UNIQUE INDEX stream_key_by_value ON stream_key (value);

-- Viewers whose sessions up to a version may not go on.
CREATE TABLE viewer_session_revocation (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    viewer_id TEXT NOT NULL,
    version INTEGER NOT NULL, -- this one and all before it
    revoked_at_ms INTEGER NOT NULL,
    PRIMARY KEY (account, region, channel_id, viewer_id),
    FOREIGN KEY (account, region, channel_id)
        REFERENCES channel (account, region, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

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
    UNIQUE (account, region, channel_id, stream_id),
    FOREIGN KEY (account, region, channel_id)
        REFERENCES channel (account, region, id) ON DELETE CASCADE
) STRICT;

-- A channel has at most one live stream; a scope's live streams in the order they began.
CREATE UNIQUE INDEX stream_session_live ON stream_session (account, region, channel_id)
    WHERE ended_at_ms IS NULL;
CREATE INDEX stream_session_live_in_order ON stream_session (account, region)
    WHERE ended_at_ms IS NULL;
-- The next streams to reach their greatest length, of all scopes.
CREATE INDEX stream_session_oldest_live ON stream_session (started_at_ms)
    WHERE ended_at_ms IS NULL;
-- What is to be forgotten of a channel's past.
CREATE INDEX stream_session_ended
    ON stream_session (account, region, channel_id, ended_at_ms)
    WHERE ended_at_ms IS NOT NULL;
CREATE INDEX stream_session_by_channel ON stream_session (account, region, channel_id);

-- What happened in a session, in order.
CREATE TABLE stream_event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    session_seq INTEGER NOT NULL REFERENCES stream_session (seq) ON DELETE CASCADE,
    name TEXT NOT NULL,
    type TEXT NOT NULL, -- the detail-type of the event
    code TEXT,
    time_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX stream_event_by_session ON stream_event (session_seq);

-- A recording in the making: of one stream, or of several that follow each other within
-- the reconnect window. The row goes when the recording has ended.
CREATE TABLE recording (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    channel_name TEXT NOT NULL,
    session_id TEXT NOT NULL, -- recording_session_id of the events
    configuration_id TEXT NOT NULL,
    bucket_name TEXT NOT NULL,
    key_prefix TEXT NOT NULL,
    reconnect_window_ms INTEGER NOT NULL,
    started_at_ms INTEGER NOT NULL,
    recorded_ms INTEGER NOT NULL,  -- by the streams that are over
    ends_at_ms INTEGER,            -- NULL while a stream is recorded
    stream_ids TEXT NOT NULL,      -- JSON list
    ingest_configuration TEXT NOT NULL, -- JSON, of the last stream
    PRIMARY KEY (account, region, channel_id)
) STRICT, WITHOUT ROWID;

-- The next recordings to end, of all scopes.
CREATE INDEX recording_due ON recording (ends_at_ms) WHERE ends_at_ms IS NOT NULL;

-- Every event, in the form EventBridge delivers it. Written in the transaction of the
-- change it reports; read by ListEvents and by the delivery worker.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    detail_type TEXT NOT NULL,
    resource_arn TEXT, -- NULL: of the whole account
    envelope TEXT NOT NULL -- JSON
) STRICT;

CREATE INDEX event_in_order ON event (account, region);
CREATE INDEX event_by_resource ON event (account, region, resource_arn);
CREATE INDEX event_by_detail_type ON event (account, region, detail_type);

-- How far each place that events are sent to has got.
CREATE TABLE event_target (
    url TEXT NOT NULL PRIMARY KEY,
    delivered_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER playback_key_pair_counted AFTER INSERT ON playback_key_pair BEGIN
    INSERT INTO resource_count VALUES (new.account, new.region, 'playback_key_pair', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER playback_key_pair_uncounted AFTER DELETE ON playback_key_pair BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region
          AND resource = 'playback_key_pair';
END;

CREATE TRIGGER playback_restriction_policy_counted
AFTER INSERT ON playback_restriction_policy BEGIN
    INSERT INTO resource_count
        VALUES (new.account, new.region, 'playback_restriction_policy', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER playback_restriction_policy_uncounted
AFTER DELETE ON playback_restriction_policy BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region
          AND resource = 'playback_restriction_policy';
END;

CREATE TRIGGER ad_configuration_counted AFTER INSERT ON ad_configuration BEGIN
    INSERT INTO resource_count VALUES (new.account, new.region, 'ad_configuration', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER ad_configuration_uncounted AFTER DELETE ON ad_configuration BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region
          AND resource = 'ad_configuration';
END;

CREATE TRIGGER failover_slate_configuration_counted
AFTER INSERT ON failover_slate_configuration BEGIN
    INSERT INTO resource_count
        VALUES (new.account, new.region, 'failover_slate_configuration', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER failover_slate_configuration_uncounted
AFTER DELETE ON failover_slate_configuration BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region
          AND resource = 'failover_slate_configuration';
END;

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
