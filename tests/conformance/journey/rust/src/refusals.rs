//! Steps that fail: every class of error.
use crate::raw::{control, new_channel};
use crate::{equal, Journey, Outcome};
use aws_sdk_ivs::config::http::HttpResponse;
use aws_sdk_ivs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ivs::operation::batch_get_channel::BatchGetChannelError;
use aws_sdk_ivs::operation::create_channel::CreateChannelError;
use aws_sdk_ivs::operation::create_stream_key::CreateStreamKeyError;
use aws_sdk_ivs::operation::get_channel::GetChannelError;
use aws_sdk_ivs::operation::get_stream::GetStreamError;
use aws_sdk_ivs::operation::list_channels::ListChannelsError;
use aws_sdk_ivs::operation::list_recording_configurations::ListRecordingConfigurationsError;
use aws_sdk_ivs::operation::put_metadata::PutMetadataError;
use aws_sdk_ivs::operation::stop_stream::StopStreamError;
use aws_sdk_ivs::operation::RequestId;
use aws_sdk_ivs::Client;
use serde_json::{json, Value};
use std::error::Error;
use std::fmt::Debug;
use std::future::Future;

const UNKNOWN: &str = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh";
const UNKNOWN_FILTER: &str =
    "arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh";

pub type Answer<T, E> = Result<T, SdkError<E, HttpResponse>>;

pub async fn take(journey: &mut Journey) {
    let ivs = &journey.once.clone();
    let patient = journey.patient.clone();
    journey.step("ValidationException", validation(ivs)).await;
    journey
        .step("ResourceNotFoundException", not_found(ivs))
        .await;
    journey.step("ConflictException", conflict(ivs)).await;
    journey
        .step("ServiceQuotaExceededException", quota(ivs))
        .await;
    journey
        .step("ChannelNotBroadcasting", not_broadcasting(ivs))
        .await;

    let name = "ThrottlingException";
    let call = ivs.put_metadata().channel_arn(UNKNOWN).metadata("x").send();
    let is = PutMetadataError::is_throttling_exception;
    journey
        .step(name, fault(name, 429, "PutMetadata", call, is))
        .await;

    let name = "AccessDeniedException";
    let call = ivs.get_channel().arn(UNKNOWN).send();
    let is = GetChannelError::is_access_denied_exception;
    journey
        .step(name, fault(name, 403, "GetChannel", call, is))
        .await;

    let name = "PendingVerification";
    let call = ivs.create_channel().send();
    let is = CreateChannelError::is_pending_verification;
    journey
        .step(name, fault(name, 403, "CreateChannel", call, is))
        .await;

    let name = "InternalServerException";
    let call = ivs.list_recording_configurations().send();
    let is = ListRecordingConfigurationsError::is_internal_server_exception;
    journey
        .step(
            name,
            fault(name, 500, "ListRecordingConfigurations", call, is),
        )
        .await;

    let name = "ServiceUnavailable";
    let call = ivs.batch_get_channel().arns(UNKNOWN).send();
    let is = BatchGetChannelError::is_service_unavailable;
    journey
        .step(name, fault(name, 503, "BatchGetChannel", call, is))
        .await;

    let name = "StreamUnavailable";
    let call = ivs.stop_stream().channel_arn(UNKNOWN).send();
    let is = StopStreamError::is_stream_unavailable;
    journey
        .step(name, fault(name, 503, "StopStream", call, is))
        .await;

    journey.step("Retry", retry(&patient)).await;
}

/// The call fails with exactly this error.
pub fn refused<T: Debug, E>(
    answer: &Answer<T, E>,
    name: &str,
    status: u16,
    message: &str,
    is: fn(&E) -> bool,
) -> Outcome
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let Err(error) = answer else {
        return Err(format!("no {name} but {answer:?}").into());
    };
    let class = error.as_service_error().is_some_and(is);
    equal(error.code().unwrap_or_default(), name)?;
    equal(class, true)?;
    equal(error.message().unwrap_or_default(), message)?;
    equal(
        error
            .raw_response()
            .map_or(0, |response| response.status().as_u16()),
        status,
    )?;
    equal(error.request_id().is_some(), true)
}

async fn validation(ivs: &Client) -> Outcome {
    refused(
        &ivs.create_channel().name("my lobby").send().await,
        "ValidationException",
        400,
        "CreateChannel.name does not match pattern [a-zA-Z0-9-_]*",
        CreateChannelError::is_validation_exception,
    )
}

async fn not_found(ivs: &Client) -> Outcome {
    refused(
        &ivs.get_channel().arn(UNKNOWN).send().await,
        "ResourceNotFoundException",
        404,
        &format!("Resource: {UNKNOWN} not found"),
        GetChannelError::is_resource_not_found_exception,
    )
}

async fn conflict(ivs: &Client) -> Outcome {
    let both = ivs
        .list_channels()
        .filter_by_name("a")
        .filter_by_recording_configuration_arn(UNKNOWN_FILTER);
    refused(
        &both.send().await,
        "ConflictException",
        409,
        "ListChannels takes only one of its filters at a time",
        ListChannelsError::is_conflict_exception,
    )
}

async fn quota(ivs: &Client) -> Outcome {
    let arn = new_channel(json!({}))?;
    refused(
        &ivs.create_stream_key().channel_arn(arn).send().await,
        "ServiceQuotaExceededException",
        402,
        "Service quota exceeded: 1 stream key per channel",
        CreateStreamKeyError::is_service_quota_exceeded_exception,
    )
}

async fn not_broadcasting(ivs: &Client) -> Outcome {
    let arn = new_channel(json!({}))?;
    refused(
        &ivs.get_stream().channel_arn(&arn).send().await,
        "ChannelNotBroadcasting",
        404,
        &format!("ChannelNotBroadcasting: Channel: {arn} is not currently online"),
        GetStreamError::is_channel_not_broadcasting,
    )
}

/// The call fails with the fault that the control API was given.
async fn fault<T: Debug, E>(
    name: &str,
    status: u16,
    operation: &str,
    call: impl Future<Output = Answer<T, E>>,
    is: fn(&E) -> bool,
) -> Outcome
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let message = format!("fault: {name}");
    let rule = json!({"operation": operation, "error": name, "message": message, "times": 1});
    control("PutFault", rule)?;
    refused(&call.await, name, status, &message, is)
}

async fn retry(patient: &Client) -> Outcome {
    let name = "ThrottlingException";
    let rule = json!({"operation": "ListChannels", "error": name,
        "message": format!("fault: {name}"), "times": 2});
    control("PutFault", rule)?;
    equal(patient.list_channels().send().await?.channels().len(), 0)?;

    let failed = control(
        "ListRequests",
        json!({"operation": "ListChannels", "errorsOnly": true}),
    )?;
    let calls = failed["requests"]
        .as_array()
        .map_or(&[] as &[Value], Vec::as_slice);
    equal(calls.iter().filter(|call| call["error"] == name).count(), 2)
}
