// Tests of code that uses IVS, with go test and the SDK for Go v2.
package recipe

import (
	"cmp"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
)

const hours = 3600

// other is an account that no test uses.
const other = "999999999999"

var endpoint = cmp.Or(os.Getenv("AWS_ENDPOINT_URL_IVS"), "http://127.0.0.1:4580")

// newChannel creates a channel and returns its ARN.
func newChannel(t *testing.T, client *ivs.Client) *string {
	t.Helper()
	created, err := client.CreateChannel(t.Context(), &ivs.CreateChannelInput{})
	if err != nil {
		t.Fatal(err)
	}
	return created.Channel.Arn
}

// expectOffline fails unless the channel is offline.
func expectOffline(t *testing.T, client *ivs.Client, arn *string) {
	t.Helper()
	_, err := client.GetStream(t.Context(), &ivs.GetStreamInput{ChannelArn: arn})
	var offline *types.ChannelNotBroadcasting
	if !errors.As(err, &offline) {
		t.Fatal(err)
	}
	// The text is in ExceptionMessage: this SDK leaves Message empty, also with AWS.
	if !strings.Contains(*offline.ExceptionMessage, *arn) {
		t.Fatal(*offline.ExceptionMessage)
	}
}

func TestAChannelHasAStreamKey(t *testing.T) {
	client := newClient(t, endpoint)
	arn := newChannel(t, client)

	listed, err := client.ListStreamKeys(t.Context(),
		&ivs.ListStreamKeysInput{ChannelArn: arn})

	if err != nil || len(listed.StreamKeys) != 1 {
		t.Fatal(listed, err)
	}
}

func TestViewersOfALiveChannelAreCounted(t *testing.T) {
	client := newClient(t, endpoint)
	arn := newChannel(t, client)

	control(t, client, "StartStream", members{"channelArn": arn, "viewerCount": 3})
	seen, err := client.GetStream(t.Context(), &ivs.GetStreamInput{ChannelArn: arn})
	if err != nil || seen.Stream.ViewerCount != 3 {
		t.Fatal(seen, err)
	}

	control(t, client, "EndStream", members{"channelArn": arn})
	expectOffline(t, client, arn)
}

func TestAFaultMakesACallFail(t *testing.T) {
	client := newClient(t, endpoint)
	control(t, client, "PutFault",
		members{"operation": "CreateChannel", "error": "PendingVerification", "times": 1})

	_, err := client.CreateChannel(t.Context(), &ivs.CreateChannelInput{})

	var pending *types.PendingVerification
	if !errors.As(err, &pending) {
		t.Fatal(err)
	}
	newChannel(t, client)
}

func TestAStreamEndsAfter48Hours(t *testing.T) {
	client := newClient(t, endpoint)
	arn := newChannel(t, client)
	control(t, client, "StartStream", members{"channelArn": arn})

	moved := control(t, client, "AdvanceClock", members{"seconds": 48 * hours})

	if moved["offsetSeconds"] != float64(48*hours) {
		t.Fatal(moved)
	}
	expectOffline(t, client, arn)
}

func TestTheCallsOfThisTestAreListed(t *testing.T) {
	client := newClient(t, endpoint)
	newChannel(t, client)

	requests := control(t, client, "ListRequests", members{})["requests"].([]any)

	if len(requests) != 1 || requests[0].(map[string]any)["operation"] != "CreateChannel" {
		t.Fatal(requests)
	}
}

func TestAnInvalidControlCallSaysWhy(t *testing.T) {
	client := newClient(t, endpoint)

	_, err := tryControl(t, client, "PutFault",
		members{"operation": "*", "latencyMs": 1, "time": 1})

	if err == nil || !strings.Contains(err.Error(), "Did you mean times?") {
		t.Fatal(err)
	}
}

func TestAFaultOfAnotherAccountDoesNotApply(t *testing.T) {
	client := newClient(t, endpoint)
	newChannel(t, client)

	// The members account and region say whom a control call is for, whoever signs it.
	put := control(t, client, "PutFault",
		members{"operation": "*", "error": "InternalServerException", "account": other})

	if put["account"] != other || put["warning"] == nil {
		t.Fatal(put)
	}
	newChannel(t, client)
	control(t, client, "DeleteFault", members{"all": true, "account": other})
}

func TestNoChannelOfAnotherTestIsSeen(t *testing.T) {
	listed, err := newClient(t, endpoint).ListChannels(t.Context(), &ivs.ListChannelsInput{})
	if err != nil || len(listed.Channels) != 0 {
		t.Fatal(listed, err)
	}
}
