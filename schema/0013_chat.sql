-- Amazon IVS Chat: rooms and logging configurations.
--
-- Both are listed with the newest update first. `update_seq` is the place in the order of
-- updates: each creation and update takes the next number, which never comes back, so that
-- a page token stays valid while rows come, change and go.

-- The last number of that order, of all tables and scopes. No row: none was given yet.
CREATE TABLE update_order (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    last INTEGER NOT NULL
) STRICT;

-- Where messages are logged. In the state `transition` until `settles_at_ms` on the
-- emulator's clock, and in `settled_state` from then on. DELETED: the engine deletes the
-- row then; no room refers to it.
CREATE TABLE logging_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    update_seq INTEGER NOT NULL,
    name TEXT NOT NULL,
    destination_kind TEXT NOT NULL
        CHECK (destination_kind IN ('s3', 'cloudWatchLogs', 'firehose')),
    destination_name TEXT NOT NULL, -- of the bucket, log group or delivery stream
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    transition TEXT NOT NULL,
    settles_at_ms INTEGER NOT NULL,
    settled_state TEXT NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (account, region, id),
    UNIQUE (account, region, update_seq), -- ListLoggingConfigurations
    CHECK ((transition = 'CREATING' AND settled_state IN ('ACTIVE', 'CREATE_FAILED'))
        OR (transition = 'UPDATING' AND settled_state IN ('ACTIVE', 'UPDATE_FAILED'))
        OR (transition = 'DELETING' AND settled_state IN ('DELETED', 'DELETE_FAILED')))
) STRICT;

-- A scope's next deletion.
CREATE INDEX logging_configuration_deletion
    ON logging_configuration (account, region, settles_at_ms)
    WHERE settled_state = 'DELETED';

CREATE TABLE room (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    update_seq INTEGER NOT NULL,
    name TEXT NOT NULL,
    maximum_message_rate_per_second INTEGER NOT NULL
        CHECK (maximum_message_rate_per_second BETWEEN 1 AND 100),
    maximum_message_length INTEGER NOT NULL
        CHECK (maximum_message_length BETWEEN 1 AND 500), -- characters
    message_review_handler_uri TEXT, -- NULL: never configured; '': removed
    fallback_result TEXT NOT NULL CHECK (fallback_result IN ('ALLOW', 'DENY')),
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (account, region, id),
    UNIQUE (account, region, update_seq) -- ListRooms
) STRICT;

-- ListRooms by a filter.
CREATE INDEX room_by_name ON room (account, region, name, update_seq);
CREATE INDEX room_by_message_review_handler
    ON room (account, region, message_review_handler_uri, update_seq)
    WHERE message_review_handler_uri IS NOT NULL;

-- The logging configurations of a room, in the order in which they were given.
-- `update_seq` is that of the room.
CREATE TABLE room_logging (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    room_id TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 2),
    logging_configuration_id TEXT NOT NULL,
    update_seq INTEGER NOT NULL,
    PRIMARY KEY (account, region, room_id, position),
    UNIQUE (account, region, room_id, logging_configuration_id),
    FOREIGN KEY (account, region, room_id)
        REFERENCES room (account, region, id) ON DELETE CASCADE,
    FOREIGN KEY (account, region, logging_configuration_id)
        REFERENCES logging_configuration (account, region, id)
) STRICT, WITHOUT ROWID;

-- ListRooms by a logging configuration, and whether one is in use.
CREATE INDEX room_logging_by_configuration
    ON room_logging (account, region, logging_configuration_id, update_seq);

CREATE TRIGGER logging_configuration_counted AFTER INSERT ON logging_configuration BEGIN
    INSERT INTO resource_count VALUES (new.account, new.region, 'logging_configuration', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER logging_configuration_uncounted AFTER DELETE ON logging_configuration BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region
          AND resource = 'logging_configuration';
END;

CREATE TRIGGER room_counted AFTER INSERT ON room BEGIN
    INSERT INTO resource_count VALUES (new.account, new.region, 'room', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER room_uncounted AFTER DELETE ON room BEGIN
    UPDATE resource_count SET count = count - 1
        WHERE account = old.account AND region = old.region AND resource = 'room';
END;
