// The calls of the Terraform provider for AWS for its four IVS resources and the two of
// IVS Chat, with the SDKs that it uses. According to its source,
// hashicorp/terraform-provider-aws, internal/service/ivs and internal/service/ivschat, in
// 2026.
package terraform

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
	"github.com/aws/aws-sdk-go-v2/service/ivschat"
	chattypes "github.com/aws/aws-sdk-go-v2/service/ivschat/types"
)

var ctx = context.Background()

const (
	normal  = "Normal"
	pending = "Pending"
	updated = "Updated"
)

// provider is a configured provider.
type provider struct {
	t    *testing.T
	ivs  *ivs.Client
	chat *ivschat.Client
}

// configure creates one in the same way as the acceptance tests, whose prechecks are
// ListChannels and ListRooms.
func configure(t *testing.T) provider {
	loaded, err := config.LoadDefaultConfig(ctx)
	must(t, err)
	p := provider{t, ivs.NewFromConfig(loaded), ivschat.NewFromConfig(loaded)}
	_, err = p.ivs.ListChannels(ctx, &ivs.ListChannelsInput{})
	must(t, err)
	_, err = p.chat.ListRooms(ctx, &ivschat.ListRoomsInput{})
	must(t, err)
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// isOfChat: the ARN is that of a resource of IVS Chat.
func isOfChat(arn string) bool {
	return strings.HasPrefix(arn, "arn:aws:ivschat:")
}

// tags is the second half of every read.
func (p provider) tags(arn string) map[string]string {
	p.t.Helper()
	if isOfChat(arn) {
		listed, err := p.chat.ListTagsForResource(ctx,
			&ivschat.ListTagsForResourceInput{ResourceArn: &arn})
		must(p.t, err)
		return listed.Tags
	}
	listed, err := p.ivs.ListTagsForResource(ctx,
		&ivs.ListTagsForResourceInput{ResourceArn: &arn})
	must(p.t, err)
	return listed.Tags
}

func (p provider) untag(arn string, keys []string) {
	p.t.Helper()
	var err error
	if isOfChat(arn) {
		_, err = p.chat.UntagResource(ctx,
			&ivschat.UntagResourceInput{ResourceArn: &arn, TagKeys: keys})
	} else {
		_, err = p.ivs.UntagResource(ctx,
			&ivs.UntagResourceInput{ResourceArn: &arn, TagKeys: keys})
	}
	must(p.t, err)
}

func (p provider) tag(arn string, tags map[string]string) {
	p.t.Helper()
	var err error
	if isOfChat(arn) {
		_, err = p.chat.TagResource(ctx,
			&ivschat.TagResourceInput{ResourceArn: &arn, Tags: tags})
	} else {
		_, err = p.ivs.TagResource(ctx, &ivs.TagResourceInput{ResourceArn: &arn, Tags: tags})
	}
	must(p.t, err)
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
		p.untag(arn, removed)
	}
	p.tag(arn, after)
}

// expectTags: the resource has exactly these tags.
func (p provider) expectTags(arn string, wanted map[string]string) {
	p.t.Helper()
	if tags := p.tags(arn); !maps.Equal(tags, wanted) {
		p.t.Fatalf("tags are %v, not %v", tags, wanted)
	}
}

// isGone: the result of reading or deleting a resource that has disappeared, which is not
// an error for the provider. It must be of the type that the SDK has for it.
func isGone(err error) bool {
	var missing *types.ResourceNotFoundException
	var missingInChat *chattypes.ResourceNotFoundException
	return errors.As(err, &missing) || errors.As(err, &missingInChat)
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
