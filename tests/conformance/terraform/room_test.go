package terraform

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ivschat"
	"github.com/aws/aws-sdk-go-v2/service/ivschat/types"
)

const handler = "arn:aws:lambda:us-east-1:000000000000:function:review"

// pollRoom polls for a room, after a change for one that has any of the sent values.
func (p provider) pollRoom(arn string, sent *ivschat.UpdateRoomInput) func() (
	*ivschat.GetRoomOutput, string, error) {
	return func() (*ivschat.GetRoomOutput, string, error) {
		room, err := p.chat.GetRoom(ctx, &ivschat.GetRoomInput{Identifier: &arn})
		if err != nil {
			return found[ivschat.GetRoomOutput](nil, "", err)
		}
		switch {
		case sent == nil:
			return room, normal, nil
		case sent.Name != nil && *sent.Name == text(room.Name),
			sent.MessageReviewHandler != nil && room.MessageReviewHandler != nil &&
				text(sent.MessageReviewHandler.Uri) == text(room.MessageReviewHandler.Uri),
			sent.LoggingConfigurationIdentifiers != nil && slices.Equal(
				sent.LoggingConfigurationIdentifiers, room.LoggingConfigurationIdentifiers):
			return room, updated, nil
		}
		return room, pending, nil
	}
}

// createRoom returns what the read after the creation sees.
func (p provider) createRoom(input *ivschat.CreateRoomInput) *ivschat.GetRoomOutput {
	p.t.Helper()
	created, err := p.chat.CreateRoom(ctx, input)
	must(p.t, err)
	arn := *created.Arn
	await(p.t, p.pollRoom(arn, nil), "", normal)
	return p.readRoom(arn)
}

func (p provider) readRoom(arn string) *ivschat.GetRoomOutput {
	p.t.Helper()
	room, err := p.chat.GetRoom(ctx, &ivschat.GetRoomInput{Identifier: &arn})
	must(p.t, err)
	p.expectTags(arn, room.Tags)
	return room
}

func (p provider) updateRoom(input *ivschat.UpdateRoomInput) *ivschat.GetRoomOutput {
	p.t.Helper()
	answer, err := p.chat.UpdateRoom(ctx, input)
	must(p.t, err)
	await(p.t, p.pollRoom(*answer.Arn, input), pending, updated)
	return p.readRoom(*input.Identifier)
}

func (p provider) deleteRoom(arn string) {
	p.t.Helper()
	_, err := p.chat.DeleteRoom(ctx, &ivschat.DeleteRoomInput{Identifier: &arn})
	must(p.t, err)
	awaitGone(p.t, p.pollRoom(arn, nil), normal)
}

func TestAnEmptyRoomBlockIsApplied(t *testing.T) {
	p := configure(t)

	room := p.createRoom(&ivschat.CreateRoomInput{})

	expect(t, strings.Contains(*room.Arn, ":room/"), true)
	expect(t, aws.ToString(room.Name), "")
	expect(t, *room.MaximumMessageLength, 500)
	expect(t, *room.MaximumMessageRatePerSecond, 10)
	expect(t, room.MessageReviewHandler == nil, true)
	expect(t, len(room.LoggingConfigurationIdentifiers), 0)
	p.expectTags(*room.Arn, nil)
	p.deleteRoom(*room.Arn)
}

func TestARoomIsUpdatedInPlace(t *testing.T) {
	p := configure(t)
	before := map[string]string{"Name": "lobby", "old": "1"}
	after := map[string]string{"Name": "hall"}
	arn := *p.createRoom(&ivschat.CreateRoomInput{Name: aws.String("lobby"), Tags: before,
		MaximumMessageLength: aws.Int32(100)}).Arn
	p.expectTags(arn, before)

	p.changeTags(arn, before, after)
	room := p.updateRoom(&ivschat.UpdateRoomInput{
		Identifier: &arn, Name: aws.String("hall"),
		MessageReviewHandler: &types.MessageReviewHandler{
			Uri: aws.String(handler), FallbackResult: types.FallbackResultDeny}})

	expect(t, text(room.Name), "hall")
	expect(t, *room.MaximumMessageLength, 100)
	expect(t, text(room.MessageReviewHandler.Uri), handler)
	expect(t, room.MessageReviewHandler.FallbackResult, types.FallbackResultDeny)
	p.expectTags(arn, after)
	p.deleteRoom(arn)
}

func TestTheReviewHandlerOfARoomIsRemoved(t *testing.T) {
	p := configure(t)
	arn := *p.createRoom(&ivschat.CreateRoomInput{
		MessageReviewHandler: &types.MessageReviewHandler{Uri: aws.String(handler)}}).Arn

	room := p.updateRoom(&ivschat.UpdateRoomInput{Identifier: &arn,
		MessageReviewHandler: &types.MessageReviewHandler{Uri: aws.String("")}})

	expect(t, text(room.MessageReviewHandler.Uri), "")
	expect(t, room.MessageReviewHandler.FallbackResult, types.FallbackResultAllow)
	p.deleteRoom(arn)
}

func TestARoomThatDisappearsIsMadeAgain(t *testing.T) {
	p := configure(t)
	arn := *p.createRoom(&ivschat.CreateRoomInput{}).Arn
	p.deleteRoom(arn)

	_, err := p.chat.GetRoom(ctx, &ivschat.GetRoomInput{Identifier: &arn})
	expect(t, isGone(err), true)
	_, err = p.chat.DeleteRoom(ctx, &ivschat.DeleteRoomInput{Identifier: &arn})
	expect(t, isGone(err), true)
}
