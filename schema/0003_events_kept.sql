-- How long events are kept.

-- Whether the server that runs now sends events there: then the events that the target
-- has not got are kept, however many they are.
ALTER TABLE event_target ADD COLUMN configured INTEGER NOT NULL DEFAULT 0
    CHECK (configured IN (0, 1));
