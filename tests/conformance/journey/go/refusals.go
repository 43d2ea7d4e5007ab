package main

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
	"github.com/aws/smithy-go"
)

const (
	unknown       = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"
	unknownFilter = "arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh"
)

var refusals = []step{
	{"ValidationException", func() {
		_, err := once.CreateChannel(ctx,
			&ivs.CreateChannelInput{Name: aws.String("my lobby")})
		refused[*types.ValidationException](err, "ValidationException", 400,
			"CreateChannel.name does not match pattern [a-zA-Z0-9-_]*")
	}},
	{"ResourceNotFoundException", func() {
		_, err := once.GetChannel(ctx, &ivs.GetChannelInput{Arn: aws.String(unknown)})
		refused[*types.ResourceNotFoundException](err, "ResourceNotFoundException", 404,
			"Resource: "+unknown+" not found")
	}},
	{"ConflictException", func() {
		_, err := once.ListChannels(ctx, &ivs.ListChannelsInput{
			FilterByName:                      aws.String("a"),
			FilterByRecordingConfigurationArn: aws.String(unknownFilter)})
		refused[*types.ConflictException](err, "ConflictException", 409,
			"ListChannels takes only one of its filters at a time")
	}},
	{"ServiceQuotaExceededException", func() {
		_, err := once.CreateStreamKey(ctx,
			&ivs.CreateStreamKeyInput{ChannelArn: aws.String(newChannel(nil))})
		refused[*types.ServiceQuotaExceededException](err, "ServiceQuotaExceededException",
			402, "Service quota exceeded: 1 stream key per channel")
	}},
	{"ChannelNotBroadcasting", func() {
		arn := newChannel(nil)
		_, err := once.GetStream(ctx, &ivs.GetStreamInput{ChannelArn: &arn})
		refused[*types.ChannelNotBroadcasting](err, "ChannelNotBroadcasting", 404,
			"ChannelNotBroadcasting: Channel: "+arn+" is not currently online")
	}},
	fault[*types.ThrottlingException]("ThrottlingException", 429, "PutMetadata",
		func() error {
			_, err := once.PutMetadata(ctx, &ivs.PutMetadataInput{
				ChannelArn: aws.String(unknown), Metadata: aws.String("x")})
			return err
		}),
	fault[*types.AccessDeniedException]("AccessDeniedException", 403, "GetChannel",
		func() error {
			_, err := once.GetChannel(ctx, &ivs.GetChannelInput{Arn: aws.String(unknown)})
			return err
		}),
	fault[*types.PendingVerification]("PendingVerification", 403, "CreateChannel",
		func() error {
			_, err := once.CreateChannel(ctx, &ivs.CreateChannelInput{})
			return err
		}),
	fault[*types.InternalServerException]("InternalServerException", 500,
		"ListRecordingConfigurations", func() error {
			_, err := once.ListRecordingConfigurations(ctx,
				&ivs.ListRecordingConfigurationsInput{})
			return err
		}),
	fault[*types.ServiceUnavailable]("ServiceUnavailable", 503, "BatchGetChannel",
		func() error {
			_, err := once.BatchGetChannel(ctx,
				&ivs.BatchGetChannelInput{Arns: []string{unknown}})
			return err
		}),
	fault[*types.StreamUnavailable]("StreamUnavailable", 503, "StopStream",
		func() error {
			_, err := once.StopStream(ctx,
				&ivs.StopStreamInput{ChannelArn: aws.String(unknown)})
			return err
		}),
	{"Retry", retry},
}

// failure: the call failed with the error of class T, that code and that status.
func failure[T smithy.APIError](err error, name string, status int) T {
	var typed T
	var response *awshttp.ResponseError
	if !errors.As(err, &typed) || !errors.As(err, &response) {
		panic(fmt.Sprintf("no %T but %v", typed, err))
	}
	equal(typed.ErrorCode(), name)
	equal(response.HTTPStatusCode(), status)
	equal(response.ServiceRequestID() != "", true)
	return typed
}

// refused: the call failed with exactly the error of class T. The SDK reads the text from
// the member in the service's model, not from the usual one: ErrorMessage() is empty,
// with AWS as well.
func refused[T smithy.APIError](err error, name string, status int, message string) {
	typed := failure[T](err, name, status)
	equal(reflect.ValueOf(typed).Elem().FieldByName("ExceptionMessage").Interface(), message)
}

// fault is a step: the operation fails with the fault that the control API was given.
func fault[T smithy.APIError](name string, status int, operation string,
	call func() error) step {
	return step{name, func() {
		control("PutFault", object{"operation": operation, "error": name,
			"message": "fault: " + name, "times": 1})
		refused[T](call(), name, status, "fault: "+name)
	}}
}

func retry() {
	control("PutFault", object{"operation": "ListChannels",
		"error": "ThrottlingException", "message": "fault: ThrottlingException", "times": 2})
	listed := must(patient.ListChannels(ctx, &ivs.ListChannelsInput{}))
	equal(len(listed.Channels), 0)

	throttled := 0
	failed := control("ListRequests",
		object{"operation": "ListChannels", "errorsOnly": true})
	for _, call := range failed["requests"].([]any) {
		if call.(object)["error"] == "ThrottlingException" {
			throttled++
		}
	}
	equal(throttled, 2)
}
