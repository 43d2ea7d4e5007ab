package terraform

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
)

const (
	creating = string(types.RecordingConfigurationStateCreating)
	active   = string(types.RecordingConfigurationStateActive)
)

func (p provider) pollRecording(arn string) func() (
	*types.RecordingConfiguration, string, error) {
	return func() (*types.RecordingConfiguration, string, error) {
		answer, err := p.ivs.GetRecordingConfiguration(ctx,
			&ivs.GetRecordingConfigurationInput{Arn: &arn})
		if err != nil {
			return found[types.RecordingConfiguration](nil, "", err)
		}
		state := string(answer.RecordingConfiguration.State)
		return answer.RecordingConfiguration, state, nil
	}
}

// createRecording returns what the read after the creation sees.
func (p provider) createRecording(
	input *ivs.CreateRecordingConfigurationInput) *types.RecordingConfiguration {
	p.t.Helper()
	input.DestinationConfiguration = &types.DestinationConfiguration{
		S3: &types.S3DestinationConfiguration{BucketName: aws.String("demo-recordings")}}
	created, err := p.ivs.CreateRecordingConfiguration(ctx, input)
	must(p.t, err)
	arn := *created.RecordingConfiguration.Arn
	await(p.t, p.pollRecording(arn), creating, active)

	read, _, err := p.pollRecording(arn)()
	must(p.t, err)
	p.expectTags(arn, input.Tags)
	return read
}

func (p provider) deleteRecording(arn string) {
	p.t.Helper()
	_, err := p.ivs.DeleteRecordingConfiguration(ctx,
		&ivs.DeleteRecordingConfigurationInput{Arn: &arn})
	must(p.t, err)
	awaitGone(p.t, p.pollRecording(arn), active)
}

func TestARecordingConfigurationShowsItsComputedBlocks(t *testing.T) {
	p := configure(t)

	read := p.createRecording(&ivs.CreateRecordingConfigurationInput{})

	expect(t, read.RecordingReconnectWindowSeconds, 0)
	expect(t, read.ThumbnailConfiguration.RecordingMode, types.RecordingModeInterval)
	expect(t, *read.ThumbnailConfiguration.TargetIntervalSeconds, 60)
	p.deleteRecording(*read.Arn)
}

func TestAChannelIsRecordedAndBothAreDestroyed(t *testing.T) {
	p := configure(t)
	recording := *p.createRecording(&ivs.CreateRecordingConfigurationInput{
		Name: aws.String("films"), Tags: map[string]string{"Name": "films"}}).Arn
	channel := p.createChannel(
		&ivs.CreateChannelInput{RecordingConfigurationArn: &recording})
	expect(t, text(p.readChannel(channel).RecordingConfigurationArn), recording)

	p.deleteChannel(channel)
	p.deleteRecording(recording)
}

func TestARecordingConfigurationIsReplaced(t *testing.T) {
	p := configure(t)
	first := *p.createRecording(&ivs.CreateRecordingConfigurationInput{}).Arn
	p.deleteRecording(first)

	second := p.createRecording(&ivs.CreateRecordingConfigurationInput{
		ThumbnailConfiguration: &types.ThumbnailConfiguration{
			RecordingMode: types.RecordingModeDisabled}})

	expect(t, *second.Arn != first, true)
	expect(t, second.ThumbnailConfiguration.RecordingMode, types.RecordingModeDisabled)
	p.deleteRecording(*second.Arn)
}
