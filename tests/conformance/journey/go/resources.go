package main

import (
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
)

var destination = object{
	"destinationConfiguration": object{"s3": object{"bucketName": "demo-recordings"}}}

var resources = []step{
	{"CreateChannel", createChannel},
	{"GetChannel", getChannel},
	{"ListChannels", listChannels},
	{"UpdateChannel", updateChannel},
	{"DeleteChannel", deleteChannel},
	{"CreateStreamKey", createStreamKey},
	{"GetStreamKey", getStreamKey},
	{"CreateRecordingConfiguration", createRecordingConfiguration},
	{"GetRecordingConfiguration", getRecordingConfiguration},
	{"Pages", pages},
	{"Tags", tags},
}

func createChannel() {
	recording := raw("CreateRecordingConfiguration",
		destination)["recordingConfiguration"].(object)["arn"].(string)
	policy := raw("CreatePlaybackRestrictionPolicy",
		nil)["playbackRestrictionPolicy"].(object)["arn"].(string)

	answer := must(once.CreateChannel(ctx, &ivs.CreateChannelInput{
		Name: aws.String("lobby"), LatencyMode: types.ChannelLatencyModeNormalLatency,
		Type: types.ChannelTypeStandardChannelType, Authorized: true, InsecureIngest: true,
		ContainerFormat: types.ContainerFormatFragmentedMP4,
		MultitrackInputConfiguration: &types.MultitrackInputConfiguration{
			Enabled: true, Policy: types.MultitrackPolicyRequire,
			MaximumResolution: types.MultitrackMaximumResolutionHd},
		RecordingConfigurationArn:    aws.String(recording),
		PlaybackRestrictionPolicyArn: aws.String(policy),
		Tags:                         map[string]string{"team": "video"},
	}))

	channel := raw("GetChannel", object{"arn": *answer.Channel.Arn})["channel"].(object)
	equal(answer.Channel, channel)
	equal(channel, with(channel, object{
		"name": "lobby", "latencyMode": "NORMAL", "type": "STANDARD", "authorized": true,
		"insecureIngest": true, "containerFormat": "FRAGMENTED_MP4",
		"multitrackInputConfiguration": object{
			"enabled": true, "policy": "REQUIRE", "maximumResolution": "HD"},
		"recordingConfigurationArn": recording, "playbackRestrictionPolicyArn": policy,
		"tags": object{"team": "video"}}))
	equal(answer.StreamKey,
		raw("GetStreamKey", object{"arn": *answer.StreamKey.Arn})["streamKey"])
}

func getChannel() {
	arn := newChannel(nil)
	equal(must(once.GetChannel(ctx, &ivs.GetChannelInput{Arn: &arn})),
		raw("GetChannel", object{"arn": arn}))
}

func listChannels() {
	newChannel(object{"name": "lobby"})
	arn := newChannel(object{"name": "stage"})

	listed := must(once.ListChannels(ctx,
		&ivs.ListChannelsInput{FilterByName: aws.String("stage")}))

	equal(len(listed.Channels), 1)
	equal(listed.Channels[0].Arn, arn)
	equal(listed, raw("ListChannels", object{"filterByName": "stage"}))
}

func updateChannel() {
	arn := newChannel(object{"name": "lobby", "tags": object{"team": "video"}})
	before := raw("GetChannel", object{"arn": arn})["channel"].(object)

	updated := must(once.UpdateChannel(ctx, &ivs.UpdateChannelInput{
		Arn: &arn, Name: aws.String("stage"), Authorized: true})).Channel

	equal(updated, with(before, object{"name": "stage", "authorized": true}))
	equal(updated, raw("GetChannel", object{"arn": arn})["channel"])
}

func deleteChannel() {
	arn := newChannel(nil)
	must(once.DeleteChannel(ctx, &ivs.DeleteChannelInput{Arn: &arn}))
	status, _ := post("GetChannel", object{"arn": arn})
	equal(status, http.StatusNotFound)
}

func createStreamKey() {
	first := raw("CreateChannel", nil)["streamKey"].(object)
	raw("DeleteStreamKey", object{"arn": first["arn"]})

	key := must(once.CreateStreamKey(ctx, &ivs.CreateStreamKeyInput{
		ChannelArn: aws.String(first["channelArn"].(string)),
		Tags:       map[string]string{"team": "video"}})).StreamKey

	equal(key.Tags, object{"team": "video"})
	equal(key, raw("GetStreamKey", object{"arn": *key.Arn})["streamKey"])
}

func getStreamKey() {
	key := raw("CreateChannel", nil)["streamKey"].(object)
	answer := must(once.GetStreamKey(ctx,
		&ivs.GetStreamKeyInput{Arn: aws.String(key["arn"].(string))}))
	equal(answer.StreamKey, key)
}

func createRecordingConfiguration() {
	made := must(once.CreateRecordingConfiguration(ctx,
		&ivs.CreateRecordingConfigurationInput{
			Name: aws.String("films"),
			DestinationConfiguration: &types.DestinationConfiguration{
				S3: &types.S3DestinationConfiguration{
					BucketName: aws.String("demo-recordings")}},
			ThumbnailConfiguration: &types.ThumbnailConfiguration{
				RecordingMode:         types.RecordingModeInterval,
				TargetIntervalSeconds: aws.Int64(30),
				Resolution:            types.ThumbnailConfigurationResolutionHd,
				Storage: []types.ThumbnailConfigurationStorage{
					types.ThumbnailConfigurationStorageSequential,
					types.ThumbnailConfigurationStorageLatest}},
			RenditionConfiguration: &types.RenditionConfiguration{
				RenditionSelection: types.RenditionConfigurationRenditionSelectionCustom,
				Renditions: []types.RenditionConfigurationRendition{
					types.RenditionConfigurationRenditionHd,
					types.RenditionConfigurationRenditionSd}},
			RecordingReconnectWindowSeconds: 60,
			Tags:                            map[string]string{"team": "video"},
		})).RecordingConfiguration

	equal(made.State, "CREATING")
	stored := raw("GetRecordingConfiguration", object{"arn": *made.Arn})
	equal(made, with(stored["recordingConfiguration"].(object),
		object{
			"name": "films", "recordingReconnectWindowSeconds": 60.0, "state": "CREATING",
			"thumbnailConfiguration": object{
				"recordingMode": "INTERVAL", "targetIntervalSeconds": 30.0,
				"resolution": "HD", "storage": []any{"SEQUENTIAL", "LATEST"}},
			"renditionConfiguration": object{
				"renditionSelection": "CUSTOM", "renditions": []any{"HD", "SD"}},
			"tags": object{"team": "video"}}))
}

func getRecordingConfiguration() {
	made := raw("CreateRecordingConfiguration", destination)
	arn := made["recordingConfiguration"].(object)["arn"].(string)
	get := func() *ivs.GetRecordingConfigurationOutput {
		return must(once.GetRecordingConfiguration(ctx,
			&ivs.GetRecordingConfigurationInput{Arn: &arn}))
	}

	answer := get()
	for answer.RecordingConfiguration.State == types.RecordingConfigurationStateCreating {
		answer = get()
	}

	equal(answer.RecordingConfiguration.State, "ACTIVE")
	equal(answer, raw("GetRecordingConfiguration", object{"arn": arn}))
}

func pages() {
	for i := range 5 {
		newChannel(object{"name": fmt.Sprintf("channel-%d", i)})
	}

	sizes, names := []any{}, []any{}
	paginator := ivs.NewListChannelsPaginator(once,
		&ivs.ListChannelsInput{MaxResults: aws.Int32(2)})
	for paginator.HasMorePages() {
		page := must(paginator.NextPage(ctx))
		sizes = append(sizes, len(page.Channels))
		for _, channel := range page.Channels {
			names = append(names, *channel.Name)
		}
	}

	equal(sizes, []any{2, 2, 1})
	equal(names, []any{"channel-0", "channel-1", "channel-2", "channel-3", "channel-4"})
}

func tags() {
	arn := newChannel(nil)
	list := func() map[string]string {
		return must(once.ListTagsForResource(ctx,
			&ivs.ListTagsForResourceInput{ResourceArn: &arn})).Tags
	}

	must(once.TagResource(ctx, &ivs.TagResourceInput{
		ResourceArn: &arn, Tags: map[string]string{"Größe": "über + alles", "a": "1"}}))
	equal(list(), object{"Größe": "über + alles", "a": "1"})
	must(once.UntagResource(ctx, &ivs.UntagResourceInput{
		ResourceArn: &arn, TagKeys: []string{"a"}}))
	equal(list(), object{"Größe": "über + alles"})
}
