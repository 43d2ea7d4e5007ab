// Tests of code that uses IVS, with go test and the SDK for Go v2.
package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
)

var endpoint = cmp.Or(os.Getenv("AWS_ENDPOINT_URL_IVS"), "http://127.0.0.1:4580")

// newClient returns a client with its own account, so that tests do not see each other's
// resources.
func newClient(t *testing.T) *ivs.Client {
	account := fmt.Sprintf("%012d", rand.Int64N(1e12))
	loaded, err := config.LoadDefaultConfig(t.Context(),
		config.WithRegion("us-east-1"),
		config.WithCredentialsProvider(
			credentials.NewStaticCredentialsProvider(account, "test", "")))
	if err != nil {
		t.Fatal(err)
	}
	return ivs.NewFromConfig(loaded, func(options *ivs.Options) {
		options.BaseEndpoint = aws.String(endpoint)
	})
}

// newChannel creates a channel and returns its ARN.
func newChannel(t *testing.T, client *ivs.Client) *string {
	created, err := client.CreateChannel(t.Context(), &ivs.CreateChannelInput{})
	if err != nil {
		t.Fatal(err)
	}
	return created.Channel.Arn
}

// control calls an operation of the control API. It does not sign the call, which therefore acts
// where an ARN in the body says, or else for the default account and region.
func control(t *testing.T, operation, body string) {
	response, err := http.Post(endpoint+"/_ivs-local/"+operation, "application/json",
		strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		t.Fatal(operation, response.Status)
	}
}

func TestAChannelHasAStreamKey(t *testing.T) {
	client := newClient(t)
	arn := newChannel(t, client)

	listed, err := client.ListStreamKeys(t.Context(),
		&ivs.ListStreamKeysInput{ChannelArn: arn})

	if err != nil || len(listed.StreamKeys) != 1 {
		t.Fatal(listed, err)
	}
}

func TestViewersOfALiveChannelAreCounted(t *testing.T) {
	client := newClient(t)
	arn := newChannel(t, client)

	control(t, "StartStream", fmt.Sprintf(`{"channelArn": %q, "viewerCount": 3}`, *arn))
	seen, err := client.GetStream(t.Context(), &ivs.GetStreamInput{ChannelArn: arn})
	if err != nil || seen.Stream.ViewerCount != 3 {
		t.Fatal(seen, err)
	}

	control(t, "EndStream", fmt.Sprintf(`{"channelArn": %q}`, *arn))
	_, err = client.GetStream(t.Context(), &ivs.GetStreamInput{ChannelArn: arn})
	var offline *types.ChannelNotBroadcasting
	if !errors.As(err, &offline) {
		t.Fatal(err)
	}
	// The text is in ExceptionMessage: this SDK leaves Message empty, also with AWS.
	if !strings.Contains(*offline.ExceptionMessage, *arn) {
		t.Fatal(*offline.ExceptionMessage)
	}
}

func TestNoChannelOfAnotherTestIsSeen(t *testing.T) {
	listed, err := newClient(t).ListChannels(t.Context(), &ivs.ListChannelsInput{})
	if err != nil || len(listed.Channels) != 0 {
		t.Fatal(listed, err)
	}
}
