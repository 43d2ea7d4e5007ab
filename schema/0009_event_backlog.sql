-- What each target has yet to receive, counted so that reading it costs nothing, and what
-- it has lost because it did not receive it for too long.
ALTER TABLE event_target ADD COLUMN pending INTEGER NOT NULL DEFAULT 0; -- if configured
ALTER TABLE event_target ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER event_pending_at_targets AFTER INSERT ON event BEGIN
    UPDATE event_target SET pending = pending + 1
        WHERE configured = 1 AND delivered_seq < new.seq;
END;

CREATE TRIGGER event_deleted_before_delivery AFTER DELETE ON event BEGIN
    UPDATE event_target SET pending = pending - 1
        WHERE configured = 1 AND delivered_seq < old.seq;
END;
