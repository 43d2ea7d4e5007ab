// A test that starts its own IVS Local, with testcontainers-go.
package recipe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// start runs a server for one test and returns its address.
func start(t *testing.T) string {
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

func TestAChannelIsCreated(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	loaded, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"))
	if err != nil {
		t.Fatal(err)
	}
	endpoint := start(t)
	client := ivs.NewFromConfig(loaded, func(options *ivs.Options) {
		options.BaseEndpoint = aws.String(endpoint)
	})

	created, err := client.CreateChannel(t.Context(), &ivs.CreateChannelInput{})

	if err != nil || created.Channel.Arn == nil {
		t.Fatal(created, err)
	}
}
