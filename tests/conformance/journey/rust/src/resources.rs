//! Steps with stored resources.
use crate::parsed::Parsed;
use crate::raw::{new_channel, post, raw, text, with};
use crate::{equal, Fault, Journey, Outcome};
use aws_sdk_ivs::types::*;
use aws_sdk_ivs::Client;
use serde_json::{json, Value};

pub async fn take(journey: &mut Journey) {
    let ivs = journey.once.clone();
    journey.step("CreateChannel", create_channel(&ivs)).await;
    journey.step("GetChannel", get_channel(&ivs)).await;
    journey.step("ListChannels", list_channels(&ivs)).await;
    journey.step("UpdateChannel", update_channel(&ivs)).await;
    journey.step("DeleteChannel", delete_channel(&ivs)).await;
    journey
        .step("CreateStreamKey", create_stream_key(&ivs))
        .await;
    journey.step("GetStreamKey", get_stream_key(&ivs)).await;
    journey
        .step(
            "CreateRecordingConfiguration",
            create_recording_configuration(&ivs),
        )
        .await;
    journey
        .step(
            "GetRecordingConfiguration",
            get_recording_configuration(&ivs),
        )
        .await;
    journey.step("Pages", pages(&ivs)).await;
    journey.step("Tags", tags(&ivs)).await;
}

/// The ARN of a recording configuration that a bare call created.
fn new_configuration() -> Result<String, Fault> {
    let destination = json!({"destinationConfiguration":
        {"s3": {"bucketName": "demo-recordings"}}});
    text(
        &raw("CreateRecordingConfiguration", destination)?,
        "/recordingConfiguration/arn",
    )
}

async fn create_channel(ivs: &Client) -> Outcome {
    let recording = new_configuration()?;
    let policy = text(
        &raw("CreatePlaybackRestrictionPolicy", json!({}))?,
        "/playbackRestrictionPolicy/arn",
    )?;

    let answer = ivs
        .create_channel()
        .name("lobby")
        .latency_mode(ChannelLatencyMode::NormalLatency)
        .r#type(ChannelType::StandardChannelType)
        .authorized(true)
        .insecure_ingest(true)
        .container_format(ContainerFormat::FragmentedMp4)
        .multitrack_input_configuration(
            MultitrackInputConfiguration::builder()
                .enabled(true)
                .policy(MultitrackPolicy::Require)
                .maximum_resolution(MultitrackMaximumResolution::Hd)
                .build(),
        )
        .recording_configuration_arn(&recording)
        .playback_restriction_policy_arn(&policy)
        .tags("team", "video")
        .send()
        .await?;

    let (channel, key) = (answer.channel().json(), answer.stream_key().json());
    let sent = json!({
        "name": "lobby", "latencyMode": "NORMAL", "type": "STANDARD", "authorized": true,
        "insecureIngest": true, "containerFormat": "FRAGMENTED_MP4",
        "multitrackInputConfiguration":
            {"enabled": true, "policy": "REQUIRE", "maximumResolution": "HD"},
        "recordingConfigurationArn": recording, "playbackRestrictionPolicyArn": policy,
        "tags": {"team": "video"}});
    equal(with(channel.clone(), sent), channel.clone())?;
    let stored = raw("GetChannel", json!({"arn": channel["arn"]}))?;
    equal(&channel, &stored["channel"])?;
    let stored = raw("GetStreamKey", json!({"arn": key["arn"]}))?;
    equal(&key, &stored["streamKey"])
}

async fn get_channel(ivs: &Client) -> Outcome {
    let arn = new_channel(json!({}))?;
    let answer = ivs.get_channel().arn(&arn).send().await?;
    equal(
        json!({"channel": answer.channel().json()}),
        raw("GetChannel", json!({"arn": arn}))?,
    )
}

async fn list_channels(ivs: &Client) -> Outcome {
    new_channel(json!({"name": "lobby"}))?;
    let arn = new_channel(json!({"name": "stage"}))?;

    let listed = ivs.list_channels().filter_by_name("stage").send().await?;

    let channels = listed.channels().json();
    equal(text(&channels, "/0/arn")?, arn)?;
    equal(
        json!({"channels": channels}),
        raw("ListChannels", json!({"filterByName": "stage"}))?,
    )
}

async fn update_channel(ivs: &Client) -> Outcome {
    let arn = new_channel(json!({"name": "lobby", "tags": {"team": "video"}}))?;
    let mut before = raw("GetChannel", json!({"arn": arn}))?;

    let answer = ivs
        .update_channel()
        .arn(&arn)
        .name("stage")
        .authorized(true)
        .send()
        .await?;

    let updated = answer.channel().json();
    let wanted = with(
        before["channel"].take(),
        json!({"name": "stage", "authorized": true}),
    );
    equal(&updated, &wanted)?;
    equal(
        &updated,
        &raw("GetChannel", json!({"arn": arn}))?["channel"],
    )
}

async fn delete_channel(ivs: &Client) -> Outcome {
    let arn = new_channel(json!({}))?;
    ivs.delete_channel().arn(&arn).send().await?;
    equal(post("GetChannel", json!({"arn": arn}))?.0, 404)
}

async fn create_stream_key(ivs: &Client) -> Outcome {
    let first = raw("CreateChannel", json!({}))?;
    raw("DeleteStreamKey", json!({"arn": first["streamKey"]["arn"]}))?;

    let answer = ivs
        .create_stream_key()
        .channel_arn(text(&first, "/channel/arn")?)
        .tags("team", "video")
        .send()
        .await?;

    let key = answer.stream_key().json();
    equal(&key["tags"], &json!({"team": "video"}))?;
    equal(
        &key,
        &raw("GetStreamKey", json!({"arn": key["arn"]}))?["streamKey"],
    )
}

async fn get_stream_key(ivs: &Client) -> Outcome {
    let made = raw("CreateChannel", json!({}))?;
    let answer = ivs
        .get_stream_key()
        .arn(text(&made, "/streamKey/arn")?)
        .send()
        .await?;
    equal(&answer.stream_key().json(), &made["streamKey"])
}

async fn create_recording_configuration(ivs: &Client) -> Outcome {
    let bucket = S3DestinationConfiguration::builder()
        .bucket_name("demo-recordings")
        .build()?;
    let answer = ivs
        .create_recording_configuration()
        .name("films")
        .destination_configuration(DestinationConfiguration::builder().s3(bucket).build())
        .thumbnail_configuration(
            ThumbnailConfiguration::builder()
                .recording_mode(RecordingMode::Interval)
                .target_interval_seconds(30)
                .resolution(ThumbnailConfigurationResolution::Hd)
                .storage(ThumbnailConfigurationStorage::Sequential)
                .storage(ThumbnailConfigurationStorage::Latest)
                .build(),
        )
        .rendition_configuration(
            RenditionConfiguration::builder()
                .rendition_selection(RenditionConfigurationRenditionSelection::Custom)
                .renditions(RenditionConfigurationRendition::Hd)
                .renditions(RenditionConfigurationRendition::Sd)
                .build(),
        )
        .recording_reconnect_window_seconds(60)
        .tags("team", "video")
        .send()
        .await?;

    let made = answer.recording_configuration().json();
    let sent = json!({
        "name": "films",
        "thumbnailConfiguration": {
            "recordingMode": "INTERVAL", "targetIntervalSeconds": 30, "resolution": "HD",
            "storage": ["SEQUENTIAL", "LATEST"]},
        "renditionConfiguration":
            {"renditionSelection": "CUSTOM", "renditions": ["HD", "SD"]},
        "recordingReconnectWindowSeconds": 60, "tags": {"team": "video"},
        "state": "CREATING"});
    let mut stored = raw("GetRecordingConfiguration", json!({"arn": made["arn"]}))?;
    equal(made, with(stored["recordingConfiguration"].take(), sent))
}

async fn get_recording_configuration(ivs: &Client) -> Outcome {
    let arn = new_configuration()?;

    let mut seen = json!({"state": "CREATING"});
    while seen["state"] == "CREATING" {
        let answer = ivs.get_recording_configuration().arn(&arn).send().await?;
        seen = answer.recording_configuration().json();
    }

    equal(&seen["state"], &json!("ACTIVE"))?;
    equal(
        &seen,
        &raw("GetRecordingConfiguration", json!({"arn": arn}))?["recordingConfiguration"],
    )
}

async fn pages(ivs: &Client) -> Outcome {
    let names: Vec<String> = (0..5).map(|i| format!("channel-{i}")).collect();
    for name in &names {
        new_channel(json!({"name": name}))?;
    }

    let (mut sizes, mut found) = (Vec::new(), Vec::new());
    let mut pages = ivs.list_channels().max_results(2).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page?;
        sizes.push(page.channels().len());
        found.extend(page.channels().iter().map(|channel| channel.name.json()));
    }

    equal(json!(sizes), json!([2, 2, 1]))?;
    equal(Value::from(found), json!(names))
}

async fn tags(ivs: &Client) -> Outcome {
    let arn = new_channel(json!({}))?;

    ivs.tag_resource()
        .resource_arn(&arn)
        .tags("Größe", "über + alles")
        .tags("a", "1")
        .send()
        .await?;
    let both = ivs
        .list_tags_for_resource()
        .resource_arn(&arn)
        .send()
        .await?;
    equal(
        both.tags().json(),
        json!({"Größe": "über + alles", "a": "1"}),
    )?;
    ivs.untag_resource()
        .resource_arn(&arn)
        .tag_keys("a")
        .send()
        .await?;
    let rest = ivs
        .list_tags_for_resource()
        .resource_arn(&arn)
        .send()
        .await?;
    equal(rest.tags().json(), json!({"Größe": "über + alles"}))
}
