-- The auto-record release: channels, their stream keys, recording configurations.
--
-- Every row belongs to an account and a region. `id` is the last part of the resource's
-- ARN. `seq` gives the order of creation and never comes back, so that a page token
-- stays valid while rows come and go. `tags` is a JSON object of strings.

-- A place to record to. CREATING until `settles_at_ms` on the emulator's clock, and in
-- `settled_state` from then on.
CREATE TABLE recording_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    bucket_name TEXT NOT NULL,
    reconnect_window_seconds INTEGER NOT NULL,
    thumbnail_configuration TEXT NOT NULL, -- JSON, echoed
    rendition_configuration TEXT NOT NULL, -- JSON, echoed
    settles_at_ms INTEGER NOT NULL,
    settled_state TEXT NOT NULL CHECK (settled_state IN ('ACTIVE', 'CREATE_FAILED')),
    tags TEXT NOT NULL,
    UNIQUE (account, region, id)
) STRICT;

-- ListRecordingConfigurations: a scope's rows in order of seq, the row's own key.
CREATE INDEX recording_configuration_in_order ON recording_configuration (account, region);

CREATE TABLE channel (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    latency_mode TEXT NOT NULL CHECK (latency_mode IN ('LOW', 'NORMAL')),
    type TEXT NOT NULL CHECK (type IN ('BASIC', 'STANDARD', 'ADVANCED_SD', 'ADVANCED_HD')),
    preset TEXT NOT NULL, -- '' for BASIC and STANDARD
    container_format TEXT NOT NULL CHECK (container_format IN ('TS', 'FRAGMENTED_MP4')),
    authorized INTEGER NOT NULL CHECK (authorized IN (0, 1)),
    insecure_ingest INTEGER NOT NULL CHECK (insecure_ingest IN (0, 1)),
    recording_configuration_id TEXT, -- NULL: does not record
    multitrack_input_configuration TEXT, -- JSON, echoed; NULL: as AWS shows it by default
    srt_passphrase TEXT NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (account, region, id),
    FOREIGN KEY (account, region, recording_configuration_id)
        REFERENCES recording_configuration (account, region, id)
) STRICT;

-- ListChannels, whole and by each filter, in order of seq. The last one also answers
-- whether a recording configuration is in use.
CREATE INDEX channel_in_order ON channel (account, region);
CREATE INDEX channel_by_name ON channel (account, region, name);
CREATE INDEX channel_by_recording_configuration
    ON channel (account, region, recording_configuration_id)
    WHERE recording_configuration_id IS NOT NULL;

-- The secret that lets an encoder into a channel: at most one for each channel.
CREATE TABLE stream_key (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    value TEXT NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (account, region, id),
    UNIQUE (account, region, channel_id),
    FOREIGN KEY (account, region, channel_id)
        REFERENCES channel (account, region, id) ON DELETE CASCADE
) STRICT;

-- How many of a resource a scope has, so that a quota costs one look-up however many
-- there are. Kept by the triggers below.
CREATE TABLE resource_count (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    resource TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (account, region, resource)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER channel_counted AFTER INSERT ON channel BEGIN
    INSERT INTO resource_count VALUES (new.account, new.region, 'channel', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER channel_uncounted AFTER DELETE ON channel BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region AND resource = 'channel';
END;

CREATE TRIGGER recording_configuration_counted AFTER INSERT ON recording_configuration BEGIN
    INSERT INTO resource_count VALUES (new.account, new.region, 'recording_configuration', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER recording_configuration_uncounted AFTER DELETE ON recording_configuration BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region
          AND resource = 'recording_configuration';
END;
