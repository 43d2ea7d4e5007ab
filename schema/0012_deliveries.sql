-- What became of the events at the targets, and the id by which an event is found.
ALTER TABLE event ADD COLUMN event_id TEXT NOT NULL DEFAULT ''; -- as in the envelope

UPDATE event SET event_id = json_extract(envelope, '$.id')
    WHERE json_valid(envelope) AND json_type(envelope, '$.id') = 'text';

CREATE INDEX event_by_id ON event (event_id);

-- One event at one target. An event that waits for its first attempt has no row. Rows of
-- events after the target's delivered_seq are of events that overtook others.
CREATE TABLE delivery (
    account TEXT NOT NULL, -- of the event
    region TEXT NOT NULL,
    event_seq INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
    target TEXT NOT NULL REFERENCES event_target,
    state TEXT NOT NULL
        CHECK (state IN ('PENDING', 'DELIVERED', 'REFUSED', 'DROPPED')),
    attempts INTEGER NOT NULL,
    status INTEGER NOT NULL, -- of the last response; 0: there was none
    reason TEXT NOT NULL, -- why the last attempt failed; '': it did not
    time_ms INTEGER NOT NULL, -- of the last attempt, by the machine's clock
    PRIMARY KEY (event_seq, target)
) STRICT, WITHOUT ROWID;

-- To count the deliveries in a state, and to list them in order.
CREATE INDEX delivery_by_state ON delivery (account, region, state, event_seq);

-- To find what is to be sent again. There are few.
CREATE INDEX delivery_pending ON delivery (target, event_seq) WHERE state = 'PENDING';
