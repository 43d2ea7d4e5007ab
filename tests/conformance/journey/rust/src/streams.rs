//! Steps with a live stream.
use crate::parsed::Parsed;
use crate::raw::{control, new_channel, raw};
use crate::{equal, Journey, Outcome};
use aws_sdk_ivs::Client;
use serde_json::json;

pub async fn take(journey: &mut Journey) {
    let ivs = journey.once.clone();
    journey.step("Stream", stream(&ivs)).await;
    journey.step("Session", session(&ivs)).await;
}

async fn stream(ivs: &Client) -> Outcome {
    let arn = new_channel(json!({}))?;
    control("StartStream", json!({"channelArn": arn, "viewerCount": 7}))?;

    let seen = ivs
        .get_stream()
        .channel_arn(&arn)
        .send()
        .await?
        .stream
        .json();
    let listed = ivs.list_streams().send().await?;

    equal(&seen["viewerCount"], &json!(7))?;
    equal(
        &seen,
        &raw("GetStream", json!({"channelArn": arn}))?["stream"],
    )?;
    equal(listed.streams().len(), 1)?;
    equal(
        listed.streams()[0].stream_id.json(),
        seen["streamId"].clone(),
    )
}

async fn session(ivs: &Client) -> Outcome {
    let arn = new_channel(json!({}))?;
    control("StartStream", json!({"channelArn": arn}))?;
    control("EndStream", json!({"channelArn": arn}))?;

    let answer = ivs.get_stream_session().channel_arn(&arn).send().await?;
    let listed = ivs.list_stream_sessions().channel_arn(&arn).send().await?;

    let seen = answer.stream_session.json();
    equal(seen["endTime"].is_string(), true)?;
    equal(
        &seen,
        &raw("GetStreamSession", json!({"channelArn": arn}))?["streamSession"],
    )?;
    equal(listed.stream_sessions().len(), 1)?;
    equal(
        listed.stream_sessions()[0].stream_id.json(),
        seen["streamId"].clone(),
    )
}
