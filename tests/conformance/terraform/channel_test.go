package terraform

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
)

// pollChannel polls for a channel, after a change for one that has any of the sent
// values.
func (p provider) pollChannel(arn string, sent *ivs.UpdateChannelInput) func() (
	*types.Channel, string, error) {
	return func() (*types.Channel, string, error) {
		answer, err := p.ivs.GetChannel(ctx, &ivs.GetChannelInput{Arn: &arn})
		if err != nil {
			return found[types.Channel](nil, "", err)
		}
		channel := answer.Channel
		switch {
		case sent == nil:
			return channel, normal, nil
		case sent.Authorized == channel.Authorized,
			sent.LatencyMode == channel.LatencyMode,
			sent.Name != nil && *sent.Name == text(channel.Name),
			sent.RecordingConfigurationArn != nil &&
				*sent.RecordingConfigurationArn == text(channel.RecordingConfigurationArn),
			sent.Type == channel.Type:
			return channel, updated, nil
		}
		return channel, pending, nil
	}
}

func (p provider) createChannel(input *ivs.CreateChannelInput) string {
	p.t.Helper()
	created, err := p.ivs.CreateChannel(ctx, input)
	must(p.t, err)
	arn := *created.Channel.Arn
	await(p.t, p.pollChannel(arn, nil), "", normal)
	return arn
}

func (p provider) readChannel(arn string) *types.Channel {
	p.t.Helper()
	answer, err := p.ivs.GetChannel(ctx, &ivs.GetChannelInput{Arn: &arn})
	must(p.t, err)
	return answer.Channel
}

func (p provider) updateChannel(input *ivs.UpdateChannelInput) *types.Channel {
	p.t.Helper()
	answer, err := p.ivs.UpdateChannel(ctx, input)
	must(p.t, err)
	await(p.t, p.pollChannel(*answer.Channel.Arn, input), pending, updated)
	return p.readChannel(*input.Arn)
}

func (p provider) deleteChannel(arn string) {
	p.t.Helper()
	_, err := p.ivs.DeleteChannel(ctx, &ivs.DeleteChannelInput{Arn: &arn})
	must(p.t, err)
	awaitGone(p.t, p.pollChannel(arn, nil), normal)
}

func TestAnEmptyChannelBlockIsApplied(t *testing.T) {
	p := configure(t)

	arn := p.createChannel(&ivs.CreateChannelInput{})
	channel := p.readChannel(arn)

	expect(t, strings.Contains(arn, ":channel/"), true)
	expect(t, text(channel.Arn), arn)
	expect(t, text(channel.Name), "")
	expect(t, channel.Authorized, false)
	expect(t, channel.LatencyMode, types.ChannelLatencyModeLowLatency)
	expect(t, channel.Type, types.ChannelTypeStandardChannelType)
	expect(t, text(channel.RecordingConfigurationArn), "")
	expect(t, text(channel.IngestEndpoint) != "", true)
	expect(t, text(channel.PlaybackUrl) != "", true)
	p.expectTags(arn, nil)
	p.deleteChannel(arn)
}

func TestAChannelIsUpdatedInPlace(t *testing.T) {
	p := configure(t)
	before := map[string]string{"Name": "lobby", "old": "1"}
	after := map[string]string{"Name": "stage"}
	arn := p.createChannel(&ivs.CreateChannelInput{Name: aws.String("lobby"), Tags: before})
	p.expectTags(arn, before)

	p.changeTags(arn, before, after)
	channel := p.updateChannel(&ivs.UpdateChannelInput{
		Arn: &arn, Authorized: true, LatencyMode: types.ChannelLatencyModeNormalLatency,
		Type: types.ChannelTypeBasicChannelType})

	expect(t, text(channel.Name), "lobby")
	expect(t, channel.Authorized, true)
	expect(t, channel.LatencyMode, types.ChannelLatencyModeNormalLatency)
	expect(t, channel.Type, types.ChannelTypeBasicChannelType)
	p.expectTags(arn, after)
	p.deleteChannel(arn)
}

func TestAChannelThatDisappearsIsMadeAgain(t *testing.T) {
	p := configure(t)
	arn := p.createChannel(&ivs.CreateChannelInput{})
	p.deleteChannel(arn)

	_, err := p.ivs.GetChannel(ctx, &ivs.GetChannelInput{Arn: &arn})
	expect(t, isGone(err), true)
	_, err = p.ivs.DeleteChannel(ctx, &ivs.DeleteChannelInput{Arn: &arn})
	expect(t, isGone(err), true)
}

func TestTheStreamKeyOfAChannelIsReadAsData(t *testing.T) {
	p := configure(t)
	arn := p.createChannel(&ivs.CreateChannelInput{})

	listed, err := p.ivs.ListStreamKeys(ctx, &ivs.ListStreamKeysInput{ChannelArn: &arn})
	must(t, err)
	key := listed.StreamKeys[0]
	answer, err := p.ivs.GetStreamKey(ctx, &ivs.GetStreamKeyInput{Arn: key.Arn})
	must(t, err)

	expect(t, text(answer.StreamKey.ChannelArn), arn)
	expect(t, strings.HasPrefix(text(answer.StreamKey.Value), "sk_"), true)
	p.expectTags(*key.Arn, answer.StreamKey.Tags)
	p.deleteChannel(arn)
}
