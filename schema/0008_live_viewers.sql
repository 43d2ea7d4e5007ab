-- The viewers of all live streams of an account and region together, so that the check of
-- their quota costs one look-up however many streams there are.
CREATE TABLE live_viewers (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    viewers INTEGER NOT NULL CHECK (viewers >= 0),
    PRIMARY KEY (account, region)
) STRICT, WITHOUT ROWID;

INSERT INTO live_viewers SELECT account, region, sum(viewer_count) FROM stream_session
    WHERE ended_at_ms IS NULL GROUP BY account, region HAVING sum(viewer_count) > 0;

CREATE TRIGGER viewers_of_a_new_stream AFTER INSERT ON stream_session
WHEN new.ended_at_ms IS NULL AND new.viewer_count > 0 BEGIN
    INSERT INTO live_viewers VALUES (new.account, new.region, new.viewer_count)
        ON CONFLICT DO UPDATE SET viewers = viewers + excluded.viewers;
END;

CREATE TRIGGER viewers_of_a_changed_stream
AFTER UPDATE OF viewer_count, ended_at_ms ON stream_session
WHEN (old.ended_at_ms IS NULL) * old.viewer_count
    <> (new.ended_at_ms IS NULL) * new.viewer_count BEGIN
    INSERT INTO live_viewers VALUES (new.account, new.region, 0) ON CONFLICT DO NOTHING;
    UPDATE live_viewers SET viewers = viewers
            - (old.ended_at_ms IS NULL) * old.viewer_count
            + (new.ended_at_ms IS NULL) * new.viewer_count
        WHERE account = new.account AND region = new.region;
END;

CREATE TRIGGER viewers_of_a_deleted_stream AFTER DELETE ON stream_session
WHEN old.ended_at_ms IS NULL AND old.viewer_count > 0 BEGIN
    UPDATE live_viewers SET viewers = viewers - old.viewer_count
        WHERE account = old.account AND region = old.region;
END;
