//! What the SDK parsed, in the form of JSON. Its types have no serializer, so every
//! member is named here; a missing one is found when the two are compared.
use aws_sdk_ivs::primitives::{DateTime, DateTimeFormat};
use aws_sdk_ivs::types::*;
use aws_sdk_ivschat::operation as chat_operation;
use aws_sdk_ivschat::types as chat;
use serde_json::{Map, Value};
use std::collections::HashMap;

pub trait Parsed {
    /// Null if it is absent.
    fn json(&self) -> Value;
}

impl<T: Parsed + ?Sized> Parsed for &T {
    fn json(&self) -> Value {
        (*self).json()
    }
}

impl<T: Parsed> Parsed for Option<T> {
    fn json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::json)
    }
}

impl<T: Parsed> Parsed for [T] {
    fn json(&self) -> Value {
        self.iter().map(T::json).collect()
    }
}

impl<T: Parsed> Parsed for Vec<T> {
    fn json(&self) -> Value {
        self.as_slice().json()
    }
}

impl Parsed for HashMap<String, String> {
    fn json(&self) -> Value {
        self.iter()
            .map(|(name, value)| (name.clone(), value.json()))
            .collect()
    }
}

impl Parsed for DateTime {
    fn json(&self) -> Value {
        self.fmt(DateTimeFormat::DateTime)
            .map_or(Value::Null, Value::from)
    }
}

macro_rules! plain {
    ($($kind:ty),+) => {
        $(impl Parsed for $kind {
            fn json(&self) -> Value {
                Value::from(self.clone())
            }
        })+
    };
}

macro_rules! words {
    ($($kind:ty),+) => {
        $(impl Parsed for $kind {
            fn json(&self) -> Value {
                Value::from(self.as_str())
            }
        })+
    };
}

macro_rules! structures {
    ($($kind:ty { $($member:ident),+ })+) => {
        $(impl Parsed for $kind {
            fn json(&self) -> Value {
                let mut members = Map::new();
                $(add(&mut members, stringify!($member), self.$member.json());)+
                Value::Object(members)
            }
        })+
    };
}

fn add(members: &mut Map<String, Value>, name: &str, value: Value) {
    if !value.is_null() {
        members.insert(camel_case(name), value);
    }
}

fn camel_case(name: &str) -> String {
    let mut words = name.trim_start_matches("r#").split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |done, word| {
        done + &word[..1].to_uppercase() + &word[1..]
    })
}

plain!(String, bool, i32, i64);

words!(
    ChannelLatencyMode,
    ChannelType,
    ContainerFormat,
    FailoverSlateConfigurationState,
    MultitrackMaximumResolution,
    MultitrackPolicy,
    RecordingConfigurationState,
    RecordingMode,
    RenditionConfigurationRendition,
    RenditionConfigurationRenditionSelection,
    StreamHealth,
    StreamState,
    ThumbnailConfigurationResolution,
    ThumbnailConfigurationStorage,
    TranscodePreset,
    chat::CreateLoggingConfigurationState,
    chat::FallbackResult
);

structures! {
    Channel {
        arn, name, latency_mode, r#type, recording_configuration_arn, ingest_endpoint,
        playback_url, authorized, tags, insecure_ingest, preset, srt,
        playback_restriction_policy_arn, multitrack_input_configuration, container_format,
        ad_configuration_arn, failover_slate_configuration_arn
    }
    ChannelSummary {
        arn, name, latency_mode, authorized, recording_configuration_arn, tags,
        insecure_ingest, r#type, preset, playback_restriction_policy_arn,
        ad_configuration_arn, failover_slate_configuration_arn
    }
    Srt { endpoint, passphrase }
    MultitrackInputConfiguration { enabled, policy, maximum_resolution }
    StreamKey { arn, value, channel_arn, tags }
    RecordingConfiguration {
        arn, name, destination_configuration, state, tags, thumbnail_configuration,
        recording_reconnect_window_seconds, rendition_configuration
    }
    DestinationConfiguration { s3 }
    S3DestinationConfiguration { bucket_name }
    ThumbnailConfiguration { recording_mode, target_interval_seconds, resolution, storage }
    RenditionConfiguration { rendition_selection, renditions }
    Stream {
        channel_arn, stream_id, playback_url, start_time, state, health, viewer_count
    }
    StreamSession {
        stream_id, start_time, end_time, channel, ingest_configuration,
        ingest_configurations, recording_configuration, truncated_events,
        failover_slate_configuration
    }
    IngestConfiguration { video, audio }
    IngestConfigurations { video_configurations, audio_configurations }
    VideoConfiguration {
        avc_profile, avc_level, codec, encoder, target_bitrate, target_framerate,
        video_height, video_width, level, track, profile
    }
    AudioConfiguration { codec, target_bitrate, sample_rate, channels, track }
    FailoverSlateConfiguration {
        arn, name, activation_threshold_seconds, min_slate_display_seconds,
        max_slate_display_seconds, state, tags
    }
    StreamEvent { name, r#type, event_time, code }
    chat_operation::create_room::CreateRoomOutput {
        arn, id, name, create_time, update_time, maximum_message_rate_per_second,
        maximum_message_length, message_review_handler, tags,
        logging_configuration_identifiers
    }
    chat_operation::update_room::UpdateRoomOutput {
        arn, id, name, create_time, update_time, maximum_message_rate_per_second,
        maximum_message_length, message_review_handler, tags,
        logging_configuration_identifiers
    }
    chat_operation::create_logging_configuration::CreateLoggingConfigurationOutput {
        arn, id, create_time, update_time, name, destination_configuration, state, tags
    }
    chat::RoomSummary {
        arn, id, name, message_review_handler, create_time, update_time, tags,
        logging_configuration_identifiers
    }
    chat::MessageReviewHandler { uri, fallback_result }
    chat::CloudWatchLogsDestinationConfiguration { log_group_name }
    chat::ValidationExceptionField { name, message }
}

impl Parsed for chat::DestinationConfiguration {
    fn json(&self) -> Value {
        let mut members = Map::new();
        if let chat::DestinationConfiguration::CloudWatchLogs(logs) = self {
            add(&mut members, "cloud_watch_logs", logs.json());
        }
        Value::Object(members)
    }
}
