// Tests that start their own IVS Local, with testcontainers-go.
package recipe

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

const hours = 3600

// start runs a server for one test and returns its address.
func start(t *testing.T) string {
	t.Helper()
	container, err := testcontainers.Run(t.Context(), "ivs-local",
		testcontainers.WithExposedPorts("4580/tcp"),
		testcontainers.WithWaitStrategy(
			wait.ForHTTP("/_ivs-local/health").WithPort("4580/tcp")))
	testcontainers.CleanupContainer(t, container)
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := container.PortEndpoint(t.Context(), "4580/tcp", "http")
	if err != nil {
		t.Fatal(err)
	}
	return endpoint
}

func TestAFaultMakesACallFail(t *testing.T) {
	client := newClient(t, start(t))
	control(t, client, "PutFault",
		members{"operation": "CreateChannel", "error": "PendingVerification", "times": 1})

	_, err := client.CreateChannel(t.Context(), &ivs.CreateChannelInput{})

	var pending *types.PendingVerification
	if !errors.As(err, &pending) {
		t.Fatal(err)
	}
	requests := control(t, client, "ListRequests", members{})["requests"].([]any)
	if len(requests) != 1 || requests[0].(map[string]any)["error"] != "PendingVerification" {
		t.Fatal(requests)
	}
}

func TestAStreamEndsAfter48Hours(t *testing.T) {
	client := newClient(t, start(t))
	created, err := client.CreateChannel(t.Context(), &ivs.CreateChannelInput{})
	if err != nil {
		t.Fatal(err)
	}
	control(t, client, "StartStream", members{"channelArn": created.Channel.Arn})

	control(t, client, "AdvanceClock", members{"seconds": 48 * hours})

	_, err = client.GetStream(t.Context(), &ivs.GetStreamInput{ChannelArn: created.Channel.Arn})
	var offline *types.ChannelNotBroadcasting
	if !errors.As(err, &offline) {
		t.Fatal(err)
	}
}
