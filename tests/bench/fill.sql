-- Fills a scope with as many channels as it is given, as the server would have stored them:
-- each with its key; every fifth points to a recording configuration, every fifth to a
-- playback restriction policy, and so on; every fifth bears the name that is searched for.

CREATE TEMP TABLE wanted AS SELECT :account AS account, :region AS region;

INSERT INTO recording_configuration (account, region, id, name, bucket_name,
    reconnect_window_seconds, thumbnail_configuration, rendition_configuration,
    settles_at_ms, settled_state, tags)
SELECT account, region, 'benchRecord1', '', 'bucket', 0, '{}', '{}', 0, 'ACTIVE', '{}'
FROM wanted;

INSERT INTO playback_restriction_policy (account, region, id, name, allowed_countries,
    allowed_origins, strict_origin_enforcement, tags)
SELECT account, region, 'benchRestric', '', '[]', '[]', 0, '{}' FROM wanted;

INSERT INTO ad_configuration (account, region, id, name,
    media_tailor_playback_configurations, post_roll_configuration, tags)
SELECT account, region, 'benchAds0001', '', '[]', '{}', '{}' FROM wanted;

INSERT INTO failover_slate_configuration (account, region, id, name,
    activation_threshold_seconds, min_display_seconds, max_display_seconds,
    settles_at_ms, settling_state, tags)
SELECT account, region, 'benchSlate01', '', 5, 5, 60, 0, 'CREATING', '{}' FROM wanted;

-- Ids are spread as random ones are, so that neighbours in one index are strangers in
-- another: n times an odd number, modulo a power of two, meets no value twice.
CREATE TEMP TABLE fresh AS
WITH RECURSIVE numbers (n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count
)
SELECT n, printf('%012x', (n * 2654435761) % 4294967296) AS id FROM numbers;

INSERT INTO channel (account, region, id, name, latency_mode, type, preset,
    container_format, authorized, insecure_ingest, recording_configuration_id,
    playback_restriction_policy_id, ad_configuration_id, failover_slate_configuration_id,
    srt_passphrase, tags)
SELECT account, region, id,
    CASE n % 5 WHEN 0 THEN 'lobby' ELSE 'channel-' || n END,
    'LOW', 'STANDARD', '', 'TS', 0, 0,
    CASE n % 5 WHEN 1 THEN 'benchRecord1' END,
    CASE n % 5 WHEN 2 THEN 'benchRestric' END,
    CASE n % 5 WHEN 3 THEN 'benchAds0001' END,
    CASE n % 5 WHEN 4 THEN 'benchSlate01' END,
    printf('%069d', n), '{}'
FROM fresh, wanted ORDER BY n;

INSERT INTO stream_key (account, region, id, channel_id, value, tags)
SELECT account, region, id, id,
    printf('sk_%s_%s_%030d', region, id, (n * 2654435761) % 4294967296), '{}'
FROM fresh, wanted ORDER BY n;
