package terraform

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ivschat"
	"github.com/aws/aws-sdk-go-v2/service/ivschat/types"
)

const (
	loggingCreating = string(types.LoggingConfigurationStateCreating)
	loggingUpdating = string(types.LoggingConfigurationStateUpdating)
	loggingDeleting = string(types.LoggingConfigurationStateDeleting)
	loggingActive   = string(types.LoggingConfigurationStateActive)
)

func (p provider) pollLogging(arn string) func() (
	*ivschat.GetLoggingConfigurationOutput, string, error) {
	return func() (*ivschat.GetLoggingConfigurationOutput, string, error) {
		answer, err := p.chat.GetLoggingConfiguration(ctx,
			&ivschat.GetLoggingConfigurationInput{Identifier: &arn})
		if err != nil {
			return found[ivschat.GetLoggingConfigurationOutput](nil, "", err)
		}
		return answer, string(answer.State), nil
	}
}

func toBucket(name string) types.DestinationConfiguration {
	return &types.DestinationConfigurationMemberS3{
		Value: types.S3DestinationConfiguration{BucketName: aws.String(name)}}
}

// createLogging returns what the read after the creation sees.
func (p provider) createLogging(
	input *ivschat.CreateLoggingConfigurationInput) *ivschat.GetLoggingConfigurationOutput {
	p.t.Helper()
	created, err := p.chat.CreateLoggingConfiguration(ctx, input)
	must(p.t, err)
	await(p.t, p.pollLogging(*created.Arn), loggingCreating, loggingActive)
	return p.readLogging(*created.Arn)
}

func (p provider) readLogging(arn string) *ivschat.GetLoggingConfigurationOutput {
	p.t.Helper()
	read, _, err := p.pollLogging(arn)()
	must(p.t, err)
	p.expectTags(arn, read.Tags)
	return read
}

func (p provider) updateLogging(
	input *ivschat.UpdateLoggingConfigurationInput) *ivschat.GetLoggingConfigurationOutput {
	p.t.Helper()
	_, err := p.chat.UpdateLoggingConfiguration(ctx, input)
	must(p.t, err)
	await(p.t, p.pollLogging(*input.Identifier), loggingUpdating, loggingActive)
	return p.readLogging(*input.Identifier)
}

func (p provider) deleteLogging(arn string) {
	p.t.Helper()
	_, err := p.chat.DeleteLoggingConfiguration(ctx,
		&ivschat.DeleteLoggingConfigurationInput{Identifier: &arn})
	must(p.t, err)
	awaitGone(p.t, p.pollLogging(arn), loggingDeleting, loggingActive)
}

func TestALoggingConfigurationIsUpdatedInPlace(t *testing.T) {
	p := configure(t)
	before := map[string]string{"Name": "messages"}
	created := p.createLogging(&ivschat.CreateLoggingConfigurationInput{
		Name: aws.String("messages"), Tags: before,
		DestinationConfiguration: toBucket("messages")})
	arn := *created.Arn
	p.expectTags(arn, before)

	p.changeTags(arn, before, map[string]string{"Name": "logs"})
	read := p.updateLogging(&ivschat.UpdateLoggingConfigurationInput{
		Identifier: &arn, Name: aws.String("logs"),
		DestinationConfiguration: &types.DestinationConfigurationMemberCloudWatchLogs{
			Value: types.CloudWatchLogsDestinationConfiguration{
				LogGroupName: aws.String("/chat/messages")}}})

	group, isGroup := read.DestinationConfiguration.(*types.DestinationConfigurationMemberCloudWatchLogs)
	expect(t, isGroup, true)
	expect(t, text(group.Value.LogGroupName), "/chat/messages")
	expect(t, text(read.Name), "logs")
	expect(t, *read.Id, *created.Id)
	p.expectTags(arn, map[string]string{"Name": "logs"})
	p.deleteLogging(arn)
}

func TestARoomIsLoggedAndAllAreDestroyed(t *testing.T) {
	p := configure(t)
	var logging []string
	for _, bucket := range []string{"messages", "more-messages"} {
		logging = append(logging, *p.createLogging(&ivschat.CreateLoggingConfigurationInput{
			DestinationConfiguration: toBucket(bucket)}).Arn)
	}
	room := p.createRoom(
		&ivschat.CreateRoomInput{LoggingConfigurationIdentifiers: logging})
	expect(t, len(room.LoggingConfigurationIdentifiers), 2)

	room = p.updateRoom(&ivschat.UpdateRoomInput{Identifier: room.Arn,
		LoggingConfigurationIdentifiers: logging[:1]})
	expect(t, len(room.LoggingConfigurationIdentifiers), 1)
	p.deleteLogging(logging[1])
	room = p.updateRoom(&ivschat.UpdateRoomInput{Identifier: room.Arn,
		LoggingConfigurationIdentifiers: []string{}})
	expect(t, len(room.LoggingConfigurationIdentifiers), 0)
	p.deleteRoom(*room.Arn)
	p.deleteLogging(logging[0])
}

func TestALoggingConfigurationThatDisappearsIsMadeAgain(t *testing.T) {
	p := configure(t)
	arn := *p.createLogging(&ivschat.CreateLoggingConfigurationInput{
		DestinationConfiguration: toBucket("messages")}).Arn
	p.deleteLogging(arn)

	_, err := p.chat.DeleteLoggingConfiguration(ctx,
		&ivschat.DeleteLoggingConfigurationInput{Identifier: &arn})
	expect(t, isGone(err), true)
}
