//! Tests of code that uses IVS, with cargo test and the SDK for Rust.
#![cfg(test)]

mod ivs_local;

use aws_sdk_ivs::Client;
use ivs_local::IvsLocal;
use serde_json::{json, Value};

const HOURS: u32 = 3600;
/// An account that no test uses.
const OTHER: &str = "999999999999";

async fn new_local() -> IvsLocal {
    let endpoint = std::env::var("AWS_ENDPOINT_URL_IVS");
    IvsLocal::new(endpoint.unwrap_or("http://127.0.0.1:4580".to_owned())).await
}

async fn new_channel(ivs: &Client) -> String {
    let created = ivs.create_channel().send().await.expect("a channel");
    created
        .channel()
        .and_then(|channel| channel.arn())
        .expect("its ARN")
        .to_owned()
}

async fn is_offline(ivs: &Client, arn: &str) -> bool {
    let refused = ivs
        .get_stream()
        .channel_arn(arn)
        .send()
        .await
        .expect_err("no stream");
    refused.into_service_error().is_channel_not_broadcasting()
}

#[tokio::test]
async fn a_channel_has_a_stream_key() {
    let ivs = new_local().await.client;
    let arn = new_channel(&ivs).await;

    let listed = ivs
        .list_stream_keys()
        .channel_arn(&arn)
        .send()
        .await
        .expect("a list");

    let channels: Vec<_> = listed
        .stream_keys()
        .iter()
        .map(|key| key.channel_arn())
        .collect();
    assert_eq!(channels, [Some(arn.as_str())]);
}

#[tokio::test]
async fn viewers_of_a_live_channel_are_counted() -> Result<(), String> {
    let local = new_local().await;
    let arn = new_channel(&local.client).await;

    local.control("StartStream", json!({"channelArn": arn, "viewerCount": 3}))?;
    let seen = local
        .client
        .get_stream()
        .channel_arn(&arn)
        .send()
        .await
        .expect("a stream");
    assert_eq!(seen.stream().map(|stream| stream.viewer_count()), Some(3));

    local.control("EndStream", json!({"channelArn": arn}))?;
    assert!(is_offline(&local.client, &arn).await);
    Ok(())
}

#[tokio::test]
async fn a_fault_makes_a_call_fail() -> Result<(), String> {
    let local = new_local().await;
    local.control(
        "PutFault",
        json!({"operation": "CreateChannel", "error": "PendingVerification", "times": 1}),
    )?;

    let refused = local
        .client
        .create_channel()
        .send()
        .await
        .expect_err("the fault");

    assert!(refused.into_service_error().is_pending_verification());
    new_channel(&local.client).await;
    Ok(())
}

#[tokio::test]
async fn a_stream_ends_after_48_hours() -> Result<(), String> {
    let local = new_local().await;
    let arn = new_channel(&local.client).await;
    local.control("StartStream", json!({"channelArn": arn}))?;

    let moved = local.control("AdvanceClock", json!({"seconds": 48 * HOURS}))?;

    assert_eq!(moved["offsetSeconds"], 48 * HOURS);
    assert!(is_offline(&local.client, &arn).await);
    Ok(())
}

#[tokio::test]
async fn the_calls_of_this_test_are_listed() -> Result<(), String> {
    let local = new_local().await;
    new_channel(&local.client).await;

    let listed = local.control("ListRequests", json!({}))?;

    let requests = listed["requests"].as_array().expect("a list");
    let operations: Vec<_> = requests
        .iter()
        .map(|request| &request["operation"])
        .collect();
    assert_eq!(operations, ["CreateChannel"]);
    Ok(())
}

#[tokio::test]
async fn an_invalid_control_call_says_why() {
    let refused = new_local()
        .await
        .control(
            "PutFault",
            json!({"operation": "*", "latencyMs": 1, "time": 1}),
        )
        .expect_err("the misspelt member");

    assert!(refused.contains("Did you mean times?"), "{refused}");
}

#[tokio::test]
async fn a_fault_of_another_account_does_not_apply() -> Result<(), String> {
    let local = new_local().await;
    new_channel(&local.client).await;

    // The members account and region say whom a control call is for, whoever signs it.
    let put = local.control(
        "PutFault",
        json!({"operation": "*", "error": "InternalServerException", "account": OTHER}),
    )?;

    assert_eq!(put["account"], OTHER);
    assert_ne!(put["warning"], Value::Null);
    new_channel(&local.client).await;
    local.control("DeleteFault", json!({"all": true, "account": OTHER}))?;
    Ok(())
}

#[tokio::test]
async fn no_channel_of_another_test_is_seen() {
    let listed = new_local()
        .await
        .client
        .list_channels()
        .send()
        .await
        .expect("a list");

    assert!(listed.channels().is_empty());
}
