-- What a database of this schema always satisfies and its constraints do not express. Each
-- query returns a row for what is wrong: its first column says where. They are run before
-- an existing file or a snapshot is used, so that what other programs have changed in it is
-- noticed there and not by the first call that reads it.
--
-- json_kind(text) is 'object', 'array' or 'other' for JSON that this program could have
-- stored, and NULL for any other text.

-- A column that is commented as JSON in the schema. NULL stands for none.
SELECT 'thumbnail_configuration of recording_configuration ' || id
FROM recording_configuration WHERE json_kind(thumbnail_configuration) IS NOT 'object';
SELECT 'rendition_configuration of recording_configuration ' || id
FROM recording_configuration WHERE json_kind(rendition_configuration) IS NOT 'object';
SELECT 'multitrack_input_configuration of channel ' || id FROM channel
WHERE multitrack_input_configuration IS NOT NULL
  AND json_kind(multitrack_input_configuration) IS NOT 'object';
SELECT 'allowed_countries of playback_restriction_policy ' || id
FROM playback_restriction_policy WHERE json_kind(allowed_countries) IS NOT 'array';
SELECT 'allowed_origins of playback_restriction_policy ' || id
FROM playback_restriction_policy WHERE json_kind(allowed_origins) IS NOT 'array';
SELECT 'media_tailor_playback_configurations of ad_configuration ' || id
FROM ad_configuration WHERE json_kind(media_tailor_playback_configurations) IS NOT 'array';
SELECT 'post_roll_configuration of ad_configuration ' || id
FROM ad_configuration WHERE json_kind(post_roll_configuration) IS NOT 'object';
SELECT 'channel_snapshot of stream_session ' || stream_id
FROM stream_session WHERE json_kind(channel_snapshot) IS NOT 'object';
SELECT 'recording_snapshot of stream_session ' || stream_id FROM stream_session
WHERE recording_snapshot IS NOT NULL AND json_kind(recording_snapshot) IS NOT 'object';
SELECT 'failover_slate_snapshot of stream_session ' || stream_id FROM stream_session
WHERE failover_slate_snapshot IS NOT NULL
  AND json_kind(failover_slate_snapshot) IS NOT 'object';
SELECT 'ingest_configuration of stream_session ' || stream_id FROM stream_session
WHERE json_kind(ingest_configuration) IS NOT 'object'
   OR json_type(ingest_configuration, '$.video') IS NOT 'object'
   OR json_type(ingest_configuration, '$.audio') IS NOT 'object';
SELECT 'ingest_configuration of recording ' || session_id FROM recording
WHERE json_kind(ingest_configuration) IS NOT 'object';
SELECT 'envelope of event ' || seq FROM event WHERE json_kind(envelope) IS NOT 'object';
SELECT 'event_id of event ' || seq FROM event
WHERE CASE WHEN json_kind(envelope) IS 'object'
      THEN event_id IS NOT coalesce(json_extract(envelope, '$.id'), '') END;

-- Tags are an object of strings.
WITH tagged (what, tags) AS (
    SELECT 'recording_configuration ' || id, tags FROM recording_configuration
    UNION ALL SELECT 'channel ' || id, tags FROM channel
    UNION ALL SELECT 'stream_key ' || id, tags FROM stream_key
    UNION ALL SELECT 'playback_key_pair ' || id, tags FROM playback_key_pair
    UNION ALL SELECT 'playback_restriction_policy ' || id, tags
        FROM playback_restriction_policy
    UNION ALL SELECT 'ad_configuration ' || id, tags FROM ad_configuration
    UNION ALL SELECT 'failover_slate_configuration ' || id, tags
        FROM failover_slate_configuration
    UNION ALL SELECT 'room ' || id, tags FROM room
    UNION ALL SELECT 'logging_configuration ' || id, tags FROM logging_configuration
)
SELECT 'tags of ' || what FROM tagged
WHERE tags <> '{}'
  AND (json_kind(tags) IS NOT 'object'
       OR EXISTS (SELECT 1 FROM json_each(tags) WHERE type <> 'text'));

-- What a channel points to, which no foreign key covers.
SELECT 'playback_restriction_policy_id of channel ' || id FROM channel
WHERE playback_restriction_policy_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM playback_restriction_policy AS target
    WHERE target.account = channel.account AND target.region = channel.region
      AND target.id = channel.playback_restriction_policy_id);
SELECT 'ad_configuration_id of channel ' || id FROM channel
WHERE ad_configuration_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ad_configuration AS target
    WHERE target.account = channel.account AND target.region = channel.region
      AND target.id = channel.ad_configuration_id);
SELECT 'failover_slate_configuration_id of channel ' || id FROM channel
WHERE failover_slate_configuration_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM failover_slate_configuration AS target
    WHERE target.account = channel.account AND target.region = channel.region
      AND target.id = channel.failover_slate_configuration_id);

-- The logging configurations of a room have no gaps, are listed where the room is, and are
-- not to be deleted.
SELECT 'position of room_logging ' || room_id FROM room_logging
WHERE position > 0 AND NOT EXISTS (
    SELECT 1 FROM room_logging AS previous
    WHERE previous.account = room_logging.account AND previous.region = room_logging.region
      AND previous.room_id = room_logging.room_id
      AND previous.position = room_logging.position - 1);
SELECT 'update_seq of room_logging ' || room_id FROM room_logging
WHERE update_seq IS NOT (
    SELECT room.update_seq FROM room WHERE room.account = room_logging.account
      AND room.region = room_logging.region AND room.id = room_logging.room_id);
SELECT 'logging_configuration_id of room_logging ' || room_id FROM room_logging
WHERE EXISTS (
    SELECT 1 FROM logging_configuration AS target
    WHERE target.account = room_logging.account AND target.region = room_logging.region
      AND target.id = room_logging.logging_configuration_id
      AND target.settled_state = 'DELETED');

-- The order of updates goes on after the last number that a row has, and has more numbers
-- than will be used.
SELECT 'last of update_order' FROM update_order
WHERE last NOT BETWEEN 1 AND 1000000000000000;
WITH updated (what, update_seq) AS (
    SELECT 'room ' || id, update_seq FROM room
    UNION ALL SELECT 'logging_configuration ' || id, update_seq FROM logging_configuration
)
SELECT 'update_seq of ' || what FROM updated
WHERE update_seq NOT BETWEEN 1 AND coalesce((SELECT last FROM update_order), 0);

-- A recording is one of a channel, and of at least one of its streams.
SELECT 'channel_id of recording ' || session_id FROM recording
WHERE NOT EXISTS (
    SELECT 1 FROM channel WHERE channel.account = recording.account
      AND channel.region = recording.region AND channel.id = recording.channel_id);
SELECT 'stream_ids of recording ' || session_id FROM recording
WHERE json_kind(stream_ids) IS NOT 'array' OR NOT EXISTS (
    SELECT 1 FROM stream_session WHERE stream_session.account = recording.account
      AND stream_session.region = recording.region
      AND stream_session.channel_id = recording.channel_id
      AND stream_id = json_extract(stream_ids, '$[#-1]'));

-- A delivery belongs to the account and region of its event. One that is not pending was
-- attempted, or a fault dropped it.
SELECT 'delivery of event ' || event_seq FROM delivery
WHERE attempts NOT BETWEEN 0 AND 1000000000 OR status NOT BETWEEN 0 AND 999
   OR (state IN ('DELIVERED', 'REFUSED') AND time_ms = 0) OR NOT EXISTS (
    SELECT 1 FROM event WHERE seq = event_seq AND event.account = delivery.account
      AND event.region = delivery.region);

-- A live stream has a channel; the sessions of the past may be those of a deleted one.
SELECT 'channel_id of stream_session ' || stream_id FROM stream_session
WHERE ended_at_ms IS NULL AND NOT EXISTS (
    SELECT 1 FROM channel WHERE channel.account = stream_session.account
      AND channel.region = stream_session.region
      AND channel.id = stream_session.channel_id);

-- The engine finds everything that becomes due: streams end after 48 hours, sessions are
-- deleted after 60 days, logging configurations when their deletion is complete.
WITH work (account, region, at_ms) AS (
    SELECT account, region, started_at_ms + 172800000 FROM stream_session
        WHERE ended_at_ms IS NULL
    UNION ALL SELECT account, region, ended_at_ms + 5184000000 FROM stream_session
        WHERE ended_at_ms IS NOT NULL
    UNION ALL SELECT account, region, ends_at_ms FROM recording
        WHERE ends_at_ms IS NOT NULL
    UNION ALL SELECT account, region, settles_at_ms FROM logging_configuration
        WHERE settled_state = 'DELETED'
),
first (account, region, at_ms) AS (
    SELECT account, region, min(at_ms) FROM work GROUP BY account, region
)
SELECT 'what is due in account ' || first.account || ', region ' || first.region
FROM first LEFT JOIN due USING (account, region) LEFT JOIN clock USING (account, region)
WHERE due.at_ms IS NULL OR due.at_ms > first.at_ms - coalesce(clock.offset_ms, 0);

-- Times and durations: the clock ends with the year 9999, and nothing waits for more than
-- a thousand years.
WITH times (what, ms) AS (
    SELECT 'recording_configuration ' || id, settles_at_ms FROM recording_configuration
    UNION ALL SELECT 'recording_configuration ' || id, reconnect_window_seconds * 1000
        FROM recording_configuration
    UNION ALL SELECT 'failover_slate_configuration ' || id, settles_at_ms
        FROM failover_slate_configuration
    UNION ALL SELECT 'stream_session ' || stream_id, started_at_ms FROM stream_session
    UNION ALL SELECT 'stream_session ' || stream_id, ended_at_ms FROM stream_session
    UNION ALL SELECT 'stream_session ' || stream_id, ad_break_until_ms FROM stream_session
    UNION ALL SELECT 'stream_event ' || seq, time_ms FROM stream_event
    UNION ALL SELECT 'recording ' || session_id, reconnect_window_ms FROM recording
    UNION ALL SELECT 'recording ' || session_id, started_at_ms FROM recording
    UNION ALL SELECT 'recording ' || session_id, recorded_ms FROM recording
    UNION ALL SELECT 'recording ' || session_id, ends_at_ms FROM recording
    UNION ALL SELECT 'room ' || id, created_at_ms FROM room
    UNION ALL SELECT 'room ' || id, updated_at_ms FROM room
    UNION ALL SELECT 'logging_configuration ' || id, created_at_ms
        FROM logging_configuration
    UNION ALL SELECT 'logging_configuration ' || id, updated_at_ms
        FROM logging_configuration
    UNION ALL SELECT 'logging_configuration ' || id, settles_at_ms
        FROM logging_configuration
    UNION ALL SELECT 'delivery of event ' || event_seq, time_ms FROM delivery
    UNION ALL SELECT 'clock of ' || account || ' in ' || region, offset_ms FROM clock
)
SELECT 'time of ' || what FROM times WHERE ms NOT BETWEEN 0 AND 300000000000000;

SELECT 'viewer_count of stream_session ' || stream_id FROM stream_session
WHERE viewer_count NOT BETWEEN 0 AND 4294967296;

-- The triggers keep the counts.
WITH counted (account, region, resource) AS (
    SELECT account, region, 'channel' FROM channel
    UNION ALL SELECT account, region, 'recording_configuration' FROM recording_configuration
    UNION ALL SELECT account, region, 'playback_key_pair' FROM playback_key_pair
    UNION ALL SELECT account, region, 'playback_restriction_policy'
        FROM playback_restriction_policy
    UNION ALL SELECT account, region, 'ad_configuration' FROM ad_configuration
    UNION ALL SELECT account, region, 'failover_slate_configuration'
        FROM failover_slate_configuration
    UNION ALL SELECT account, region, 'room' FROM room
    UNION ALL SELECT account, region, 'logging_configuration' FROM logging_configuration
    UNION ALL SELECT account, region, 'stream' FROM stream_session
        WHERE ended_at_ms IS NULL
),
compared (account, region, resource, count, difference) AS (
    SELECT account, region, resource, count(*), 1 FROM counted GROUP BY 1, 2, 3
    UNION ALL
    SELECT account, region, resource, count, -1 FROM resource_count WHERE count > 0
)
SELECT 'number of ' || resource || ' in account ' || account || ', region ' || region
FROM compared GROUP BY account, region, resource, count HAVING sum(difference) <> 0;
WITH compared (account, region, viewers, difference) AS (
    SELECT account, region, sum(viewer_count), 1 FROM stream_session
        WHERE ended_at_ms IS NULL GROUP BY 1, 2 HAVING sum(viewer_count) > 0
    UNION ALL
    SELECT account, region, viewers, -1 FROM live_viewers WHERE viewers > 0
)
SELECT 'number of viewers in account ' || account || ', region ' || region
FROM compared GROUP BY account, region, viewers HAVING sum(difference) <> 0;
