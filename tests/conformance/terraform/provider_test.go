// The calls of the Terraform provider for AWS for its four IVS resources, with the SDK
// that it uses. According to its source, hashicorp/terraform-provider-aws,
// internal/service/ivs, in 2026.
package terraform

import (
	"context"
	"errors"
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
)

var ctx = context.Background()

const (
	normal  = "Normal"
	pending = "Pending"
	updated = "Updated"
)

// provider is a configured provider.
type provider struct {
	t   *testing.T
	ivs *ivs.Client
}

// configure creates one in the same way as the acceptance tests, whose precheck is
// ListChannels.
func configure(t *testing.T) provider {
	loaded, err := config.LoadDefaultConfig(ctx)
	must(t, err)
	p := provider{t, ivs.NewFromConfig(loaded)}
	_, err = p.ivs.ListChannels(ctx, &ivs.ListChannelsInput{})
	must(t, err)
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tags is the second half of every read.
func (p provider) tags(arn string) map[string]string {
	p.t.Helper()
	listed, err := p.ivs.ListTagsForResource(ctx,
		&ivs.ListTagsForResourceInput{ResourceArn: &arn})
	must(p.t, err)
	return listed.Tags
}

// changeTags is the first half of every update.
func (p provider) changeTags(arn string, before, after map[string]string) {
	p.t.Helper()
	var removed []string
	for key := range before {
		if _, kept := after[key]; !kept {
			removed = append(removed, key)
		}
	}
	if len(removed) > 0 {
		_, err := p.ivs.UntagResource(ctx,
			&ivs.UntagResourceInput{ResourceArn: &arn, TagKeys: removed})
		must(p.t, err)
	}
	_, err := p.ivs.TagResource(ctx, &ivs.TagResourceInput{ResourceArn: &arn, Tags: after})
	must(p.t, err)
}

// expectTags: the resource has exactly these tags.
func (p provider) expectTags(arn string, wanted map[string]string) {
	p.t.Helper()
	if tags := p.tags(arn); !maps.Equal(tags, wanted) {
		p.t.Fatalf("tags are %v, not %v", tags, wanted)
	}
}

// isGone: the result of deleting a resource that has disappeared, which is not an error
// for the provider.
func isGone(err error) bool {
	var missing *types.ResourceNotFoundException
	return errors.As(err, &missing)
}

// expect: the two are the same.
func expect[T comparable](t *testing.T, seen, wanted T) {
	t.Helper()
	if seen != wanted {
		t.Fatalf("%v is not %v", seen, wanted)
	}
}

// text is the value of a member; the value of an absent one differs from every text.
func text(member *string) string {
	if member == nil {
		return "(absent)"
	}
	return aws.ToString(member)
}
