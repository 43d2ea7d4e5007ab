//! Steps with chat rooms.
use crate::parsed::Parsed;
use crate::raw::{control, post, raw, text, with};
use crate::refusals::refused;
use crate::{equal, Fault, Journey, Outcome};
use aws_sdk_ivschat::operation::create_logging_configuration::CreateLoggingConfigurationError;
use aws_sdk_ivschat::operation::create_room::CreateRoomError;
use aws_sdk_ivschat::operation::get_room::GetRoomError;
use aws_sdk_ivschat::operation::send_event::SendEventError;
use aws_sdk_ivschat::primitives::{DateTime, DateTimeFormat};
use aws_sdk_ivschat::types::*;
use aws_sdk_ivschat::Client;
use serde_json::{json, Value};

const UNKNOWN: &str = "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh";
const HANDLER: &str = "arn:aws:lambda:us-east-1:000000000000:function:review";
const ACCOUNT: &str = "000000000000";
const SECONDS_PER_MINUTE: i64 = 60;

pub async fn take(journey: &mut Journey) {
    let chat = &journey.chat.clone();
    journey.step("CreateRoom", create_room(chat)).await;
    journey.step("ListRooms", list_rooms(chat)).await;
    journey.step("UpdateRoom", update_room(chat)).await;
    journey.step("DeleteRoom", delete_room(chat)).await;
    let step = create_logging_configuration(chat);
    journey.step("CreateLoggingConfiguration", step).await;
    journey
        .step("CreateChatToken", create_chat_token(chat))
        .await;
    journey.step("SendEvent", send_event(chat)).await;
    journey
        .step("ChatValidationException", validation(chat))
        .await;
    journey
        .step("ChatResourceNotFoundException", not_found(chat))
        .await;
    journey
        .step("ChatServiceQuotaExceededException", quota(chat))
        .await;
    journey
        .step("ChatThrottlingException", throttling(chat))
        .await;
}

/// The input of a logging configuration for bare calls.
fn logs() -> Value {
    json!({"destinationConfiguration": {"cloudWatchLogs": {"logGroupName": "chat"}}})
}

/// The same destination for the SDK.
fn log_group() -> Result<DestinationConfiguration, Fault> {
    let group = CloudWatchLogsDestinationConfiguration::builder().log_group_name("chat");
    Ok(DestinationConfiguration::CloudWatchLogs(group.build()?))
}

/// The ARN of a room that a bare call created.
fn new_room(members: Value) -> Result<String, Fault> {
    text(&raw("CreateRoom", members)?, "/arn")
}

async fn create_room(chat: &Client) -> Outcome {
    let logs = text(&raw("CreateLoggingConfiguration", logs())?, "/arn")?;

    let answer = chat
        .create_room()
        .name("lobby")
        .maximum_message_rate_per_second(5)
        .maximum_message_length(100)
        .message_review_handler(
            MessageReviewHandler::builder()
                .uri(HANDLER)
                .fallback_result(FallbackResult::Deny)
                .build(),
        )
        .logging_configuration_identifiers(&logs)
        .tags("team", "video")
        .send()
        .await?;

    let room = answer.json();
    let sent = json!({
        "name": "lobby", "maximumMessageRatePerSecond": 5, "maximumMessageLength": 100,
        "messageReviewHandler": {"uri": HANDLER, "fallbackResult": "DENY"},
        "loggingConfigurationIdentifiers": [logs], "tags": {"team": "video"}});
    equal(with(room.clone(), sent), room.clone())?;
    equal(&room, &raw("GetRoom", json!({"identifier": room["arn"]}))?)
}

async fn list_rooms(chat: &Client) -> Outcome {
    new_room(json!({"name": "lobby"}))?;
    let handler = json!({"uri": HANDLER});
    let arn = new_room(json!({"name": "stage", "messageReviewHandler": handler}))?;

    let listed = chat.list_rooms().name("stage").send().await?;

    let rooms = listed.rooms().json();
    equal(text(&rooms, "/0/arn")?, arn)?;
    equal(
        json!({"rooms": rooms}),
        raw("ListRooms", json!({"name": "stage"}))?,
    )
}

async fn update_room(chat: &Client) -> Outcome {
    let handler = json!({"uri": HANDLER, "fallbackResult": "DENY"});
    let arn = new_room(json!({"name": "lobby", "messageReviewHandler": handler}))?;

    let answer = chat
        .update_room()
        .identifier(&arn)
        .name("stage")
        .message_review_handler(MessageReviewHandler::builder().uri("").build())
        .send()
        .await?;

    let updated = answer.json();
    let removed = json!({"uri": "", "fallbackResult": "ALLOW"});
    equal(&updated["name"], &json!("stage"))?;
    equal(&updated["messageReviewHandler"], &removed)?;
    equal(&updated, &raw("GetRoom", json!({"identifier": arn}))?)
}

async fn delete_room(chat: &Client) -> Outcome {
    let arn = new_room(json!({}))?;
    chat.delete_room().identifier(&arn).send().await?;
    equal(post("GetRoom", json!({"identifier": arn}))?.0, 404)
}

async fn create_logging_configuration(chat: &Client) -> Outcome {
    let answer = chat
        .create_logging_configuration()
        .name("logs")
        .destination_configuration(log_group()?)
        .tags("team", "video")
        .send()
        .await?;

    let made = answer.json();
    let sent = json!({"name": "logs", "state": "ACTIVE", "tags": {"team": "video"}});
    let stored = raw(
        "GetLoggingConfiguration",
        json!({"identifier": made["arn"]}),
    )?;
    equal(&stored, &with(stored.clone(), logs()))?;
    equal(made, with(stored, sent))
}

async fn create_chat_token(chat: &Client) -> Outcome {
    let room = raw("CreateRoom", json!({}))?;

    let answer = chat
        .create_chat_token()
        .room_identifier(text(&room, "/arn")?)
        .user_id("ann")
        .session_duration_in_minutes(180)
        .capabilities(ChatTokenCapability::SendMessage)
        .capabilities(ChatTokenCapability::DisconnectUser)
        .capabilities(ChatTokenCapability::DeleteMessage)
        .attributes("displayName", "Ann")
        .send()
        .await?;

    let created = DateTime::from_str(&text(&room, "/createTime")?, DateTimeFormat::DateTime)?;
    let seconds = |time: Option<&DateTime>| time.map_or(0, DateTime::secs);
    let session = seconds(answer.session_expiration_time());
    let token = seconds(answer.token_expiration_time());
    equal(&answer.token().unwrap_or_default()[..6], "AQICAH")?;
    equal(session - token, 120 * SECONDS_PER_MINUTE)?;
    let difference = (session - created.secs() - 180 * SECONDS_PER_MINUTE).abs();
    equal(difference <= SECONDS_PER_MINUTE, true)
}

async fn send_event(chat: &Client) -> Outcome {
    let arn = new_room(json!({}))?;

    let answer = chat
        .send_event()
        .room_identifier(&arn)
        .event_name("app:Note")
        .attributes("größe", "1")
        .send()
        .await?;

    let listed = control("ListMessages", json!({"roomIdentifier": arn}))?;
    let sent = json!({"Id": answer.id.json(), "EventName": "app:Note",
        "Attributes": {"größe": "1"}});
    let event = listed["messages"][0].clone();
    equal(&listed["messages"], &json!([with(event, sent)]))
}

async fn validation(chat: &Client) -> Outcome {
    let message = "CreateRoom.name does not match pattern [a-zA-Z0-9-_]*";
    let answer = chat.create_room().name("my lobby").send().await;

    refused(
        &answer,
        "ValidationException",
        400,
        message,
        CreateRoomError::is_validation_exception,
    )?;
    let Some(CreateRoomError::ValidationException(error)) = answer
        .as_ref()
        .err()
        .and_then(|error| error.as_service_error())
    else {
        return Err("no ValidationException".into());
    };
    equal(error.reason().as_str(), "FIELD_VALIDATION_FAILED")?;
    equal(
        error.field_list().json(),
        json!([{"name": "name", "message": message}]),
    )
}

/// An error names a resource.
fn names(id: &str, kind: &ResourceType, wanted: &str) -> Outcome {
    equal(id, wanted)?;
    equal(kind.as_str(), "ROOM")
}

async fn not_found(chat: &Client) -> Outcome {
    let answer = chat.get_room().identifier(UNKNOWN).send().await;

    refused(
        &answer,
        "ResourceNotFoundException",
        404,
        &format!("Resource: {UNKNOWN} not found"),
        GetRoomError::is_resource_not_found_exception,
    )?;
    let Some(GetRoomError::ResourceNotFoundException(error)) = answer
        .as_ref()
        .err()
        .and_then(|error| error.as_service_error())
    else {
        return Err("no ResourceNotFoundException".into());
    };
    names(error.resource_id(), error.resource_type(), "abcdABCDefgh")
}

async fn quota(chat: &Client) -> Outcome {
    for _ in 0..10 {
        raw("CreateLoggingConfiguration", logs())?;
    }
    let answer = chat
        .create_logging_configuration()
        .destination_configuration(log_group()?)
        .send()
        .await;

    refused(
        &answer,
        "ServiceQuotaExceededException",
        402,
        "Service quota exceeded: 10 logging configurations per region",
        CreateLoggingConfigurationError::is_service_quota_exceeded_exception,
    )?;
    let Some(CreateLoggingConfigurationError::ServiceQuotaExceededException(error)) = answer
        .as_ref()
        .err()
        .and_then(|error| error.as_service_error())
    else {
        return Err("no ServiceQuotaExceededException".into());
    };
    equal(error.limit(), 10)?;
    names(error.resource_id(), error.resource_type(), ACCOUNT)
}

async fn throttling(chat: &Client) -> Outcome {
    let name = "ThrottlingException";
    let message = format!("fault: {name}");
    let rule = json!({"operation": "SendEvent", "error": name, "message": message, "times": 1});
    control("PutFault", rule)?;
    let answer = chat
        .send_event()
        .room_identifier(UNKNOWN)
        .event_name("x")
        .send()
        .await;

    refused(
        &answer,
        name,
        429,
        &message,
        SendEventError::is_throttling_exception,
    )?;
    let Some(SendEventError::ThrottlingException(error)) = answer
        .as_ref()
        .err()
        .and_then(|error| error.as_service_error())
    else {
        return Err("no ThrottlingException".into());
    };
    equal(error.limit(), 0)?;
    names(error.resource_id(), error.resource_type(), ACCOUNT)
}
