package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ivschat"
	"github.com/aws/aws-sdk-go-v2/service/ivschat/types"
	"github.com/aws/smithy-go"
)

const (
	unknownRoom = "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh"
	handler     = "arn:aws:lambda:us-east-1:000000000000:function:review"
)

var (
	logs = object{
		"destinationConfiguration": object{"cloudWatchLogs": object{"logGroupName": "chat"}}}
	logGroup = &types.DestinationConfigurationMemberCloudWatchLogs{
		Value: types.CloudWatchLogsDestinationConfiguration{LogGroupName: aws.String("chat")}}
)

var rooms = []step{
	{"CreateRoom", createRoom},
	{"ListRooms", listRooms},
	{"UpdateRoom", updateRoom},
	{"DeleteRoom", deleteRoom},
	{"CreateLoggingConfiguration", createLoggingConfiguration},
	{"CreateChatToken", createChatToken},
	{"SendEvent", sendEvent},
}

var chatRefusals = []step{
	{"ChatValidationException", func() {
		_, err := chat.CreateRoom(ctx, &ivschat.CreateRoomInput{Name: aws.String("my lobby")})
		text := "CreateRoom.name does not match pattern [a-zA-Z0-9-_]*"
		error := chatRefused[*types.ValidationException](err, "ValidationException", 400, text)
		equal(error.Reason, "FIELD_VALIDATION_FAILED")
		equal(error.FieldList, []any{object{"name": "name", "message": text}})
	}},
	{"ChatResourceNotFoundException", func() {
		_, err := chat.GetRoom(ctx,
			&ivschat.GetRoomInput{Identifier: aws.String(unknownRoom)})
		error := chatRefused[*types.ResourceNotFoundException](err,
			"ResourceNotFoundException", 404, "Resource: "+unknownRoom+" not found")
		equal(error.ResourceId, "abcdABCDefgh")
		equal(error.ResourceType, "ROOM")
	}},
	{"ChatServiceQuotaExceededException", func() {
		for range 10 {
			raw("CreateLoggingConfiguration", logs)
		}
		_, err := chat.CreateLoggingConfiguration(ctx,
			&ivschat.CreateLoggingConfigurationInput{DestinationConfiguration: logGroup})
		error := chatRefused[*types.ServiceQuotaExceededException](err,
			"ServiceQuotaExceededException", 402,
			"Service quota exceeded: 10 logging configurations per region")
		equal(error.ResourceId, "000000000000")
		equal(error.ResourceType, "ROOM")
		equal(error.Limit, 10)
	}},
	{"ChatThrottlingException", func() {
		name := "ThrottlingException"
		control("PutFault", object{"operation": "SendEvent", "error": name,
			"message": "fault: " + name, "times": 1})
		_, err := chat.SendEvent(ctx, &ivschat.SendEventInput{
			RoomIdentifier: aws.String(unknownRoom), EventName: aws.String("x")})
		error := chatRefused[*types.ThrottlingException](err, name, 429, "fault: "+name)
		equal(error.ResourceId, "000000000000")
		equal(error.ResourceType, "ROOM")
		equal(error.Limit, 0)
	}},
}

// chatRefused: the call failed with exactly the error of class T.
func chatRefused[T smithy.APIError](err error, name string, status int, message string) T {
	typed := failure[T](err, name, status)
	equal(typed.ErrorMessage(), message)
	return typed
}

// newRoom creates a room with a bare call and returns its ARN.
func newRoom(members object) string {
	return raw("CreateRoom", members)["arn"].(string)
}

func createRoom() {
	logging := raw("CreateLoggingConfiguration", logs)["arn"].(string)

	made := must(chat.CreateRoom(ctx, &ivschat.CreateRoomInput{
		Name: aws.String("lobby"), MaximumMessageRatePerSecond: aws.Int32(5),
		MaximumMessageLength: aws.Int32(100),
		MessageReviewHandler: &types.MessageReviewHandler{
			Uri: aws.String(handler), FallbackResult: types.FallbackResultDeny},
		LoggingConfigurationIdentifiers: []string{logging},
		Tags:                            map[string]string{"team": "video"},
	}))

	room := raw("GetRoom", object{"identifier": *made.Arn})
	equal(made, room)
	equal(room, with(room, object{
		"name": "lobby", "maximumMessageRatePerSecond": 5, "maximumMessageLength": 100,
		"messageReviewHandler":            object{"uri": handler, "fallbackResult": "DENY"},
		"loggingConfigurationIdentifiers": []any{logging}, "tags": object{"team": "video"}}))
}

func listRooms() {
	newRoom(object{"name": "lobby"})
	arn := newRoom(object{"name": "stage", "messageReviewHandler": object{"uri": handler}})

	listed := must(chat.ListRooms(ctx, &ivschat.ListRoomsInput{Name: aws.String("stage")}))

	equal(len(listed.Rooms), 1)
	equal(listed.Rooms[0].Arn, arn)
	equal(listed, raw("ListRooms", object{"name": "stage"}))
}

func updateRoom() {
	arn := newRoom(object{"name": "lobby",
		"messageReviewHandler": object{"uri": handler, "fallbackResult": "DENY"}})

	updated := must(chat.UpdateRoom(ctx, &ivschat.UpdateRoomInput{
		Identifier: &arn, Name: aws.String("stage"),
		MessageReviewHandler: &types.MessageReviewHandler{Uri: aws.String("")}}))

	equal(updated.Name, "stage")
	equal(updated.MessageReviewHandler, object{"uri": "", "fallbackResult": "ALLOW"})
	equal(updated, raw("GetRoom", object{"identifier": arn}))
}

func deleteRoom() {
	arn := newRoom(nil)
	must(chat.DeleteRoom(ctx, &ivschat.DeleteRoomInput{Identifier: &arn}))
	status, _ := post("GetRoom", object{"identifier": arn})
	equal(status, http.StatusNotFound)
}

func createLoggingConfiguration() {
	made := must(chat.CreateLoggingConfiguration(ctx,
		&ivschat.CreateLoggingConfigurationInput{
			Name: aws.String("logs"), DestinationConfiguration: logGroup,
			Tags: map[string]string{"team": "video"}}))

	stored := raw("GetLoggingConfiguration", object{"identifier": *made.Arn})
	equal(stored, with(stored, logs))
	// The member of a union is a type in the SDK.
	destination := made.DestinationConfiguration.(*types.DestinationConfigurationMemberCloudWatchLogs)
	equal(made, with(stored, object{"name": "logs", "state": "ACTIVE",
		"tags":                     object{"team": "video"},
		"destinationConfiguration": object{"value": destination.Value}}))
	equal(destination.Value, object{"logGroupName": "chat"})
}

func createChatToken() {
	room := raw("CreateRoom", nil)

	made := must(chat.CreateChatToken(ctx, &ivschat.CreateChatTokenInput{
		RoomIdentifier: aws.String(room["arn"].(string)), UserId: aws.String("ann"),
		SessionDurationInMinutes: aws.Int32(180),
		Capabilities: []types.ChatTokenCapability{types.ChatTokenCapabilitySendMessage,
			types.ChatTokenCapabilityDisconnectUser, types.ChatTokenCapabilityDeleteMessage},
		Attributes: map[string]string{"displayName": "Ann"},
	}))

	created := must(time.Parse(time.RFC3339, room["createTime"].(string)))
	duration := made.SessionExpirationTime.Sub(created)
	equal((*made.Token)[:6], "AQICAH")
	equal(made.SessionExpirationTime.Sub(*made.TokenExpirationTime) == 120*time.Minute, true)
	if duration < 179*time.Minute || duration > 181*time.Minute {
		panic(fmt.Sprintf("the session lasts for %v", duration))
	}
}

func sendEvent() {
	arn := newRoom(nil)

	sent := must(chat.SendEvent(ctx, &ivschat.SendEventInput{
		RoomIdentifier: &arn, EventName: aws.String("app:Note"),
		Attributes: map[string]string{"größe": "1"}}))

	listed := control("ListMessages", object{"roomIdentifier": arn})["messages"].([]any)
	equal(len(listed), 1)
	event := listed[0].(object)
	equal(event, with(event, object{"Id": *sent.Id, "EventName": "app:Note",
		"Attributes": object{"größe": "1"}}))
}
