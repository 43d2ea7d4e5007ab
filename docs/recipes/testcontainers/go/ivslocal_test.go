package recipe

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
)

// newClient returns a client with its own account, so that tests do not see each other's
// resources.
func newClient(t *testing.T, endpoint string) *ivs.Client {
	t.Helper()
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

// members are the input or the parsed response of an operation of the control API.
type members map[string]any

// control calls an operation of the control API for the account and region of the client, and
// returns the parsed response, or nil if it has no body.
func control(t *testing.T, client *ivs.Client, operation string, input members) members {
	t.Helper()
	parsed, err := tryControl(t, client, operation, input)
	if err != nil {
		t.Fatal(err)
	}
	if warning, ok := parsed["warning"]; ok {
		t.Log(operation, warning)
	}
	return parsed
}

// tryControl does the same, but returns the error and does not log the warning.
func tryControl(t *testing.T, client *ivs.Client, operation string, input members) (members, error) {
	options := client.Options()
	body, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		*options.BaseEndpoint+"/_ivs-local/"+operation, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	signer, err := options.Credentials.Retrieve(t.Context())
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(t.Context(), signer, request, hex.EncodeToString(hash[:]), "ivs",
		options.Region, time.Now())
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || len(text) == 0 {
		return nil, err
	}
	var parsed members
	if err = json.Unmarshal(text, &parsed); err != nil {
		return nil, err
	}
	if response.StatusCode >= 300 {
		return nil, fmt.Errorf("%s: %d %v", operation, response.StatusCode, parsed["message"])
	}
	return parsed, nil
}
