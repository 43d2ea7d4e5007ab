//! Tests of code that uses IVS, with cargo test and the SDK for Rust.
#![cfg(test)]

use aws_config::{BehaviorVersion, Region};
use aws_sdk_ivs::config::Credentials;
use aws_sdk_ivs::Client;
use aws_smithy_http_client::tls::{rustls_provider::CryptoMode, Provider};
use serde_json::{json, Value};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

fn endpoint() -> String {
    std::env::var("AWS_ENDPOINT_URL_IVS").unwrap_or("http://127.0.0.1:4580".to_owned())
}

/// Returns 12 digits that no other test uses.
fn new_account() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time after 1970");
    let seed = now.as_micros() as u64 * 100 + NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:012}", seed % 1_000_000_000_000)
}

/// Returns a client with its own account, so that tests do not see each other's resources.
async fn new_client() -> Client {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .endpoint_url(endpoint())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(new_account(), "test", None, None, "test"))
        .load()
        .await;
    Client::new(&config)
}

async fn new_channel(ivs: &Client) -> String {
    let created = ivs.create_channel().send().await.expect("a channel");
    created
        .channel()
        .and_then(|channel| channel.arn())
        .expect("its ARN")
        .to_owned()
}

/// Calls an operation of the control API. The call is unsigned, so it acts where an ARN in the
/// members says, or else for the default account and region.
fn control(operation: &str, members: Value) {
    ureq::post(format!("{}/_ivs-local/{operation}", endpoint()))
        .send_json(members)
        .expect("a response of the control API");
}

#[tokio::test]
async fn a_channel_has_a_stream_key() {
    let ivs = new_client().await;
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
async fn viewers_of_a_live_channel_are_counted() {
    let ivs = new_client().await;
    let arn = new_channel(&ivs).await;

    control("StartStream", json!({"channelArn": arn, "viewerCount": 3}));
    let seen = ivs
        .get_stream()
        .channel_arn(&arn)
        .send()
        .await
        .expect("a stream");
    assert_eq!(seen.stream().map(|stream| stream.viewer_count()), Some(3));

    control("EndStream", json!({"channelArn": arn}));
    let refused = ivs
        .get_stream()
        .channel_arn(&arn)
        .send()
        .await
        .expect_err("no stream");
    assert!(refused.into_service_error().is_channel_not_broadcasting());
}

#[tokio::test]
async fn no_channel_of_another_test_is_seen() {
    let listed = new_client()
        .await
        .list_channels()
        .send()
        .await
        .expect("a list");

    assert!(listed.channels().is_empty());
}
