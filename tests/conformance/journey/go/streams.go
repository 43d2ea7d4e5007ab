package main

import "github.com/aws/aws-sdk-go-v2/service/ivs"

var streams = []step{
	{"Stream", stream},
	{"Session", session},
}

func stream() {
	arn := newChannel(nil)
	control("StartStream", object{"channelArn": arn, "viewerCount": 7})

	seen := must(once.GetStream(ctx, &ivs.GetStreamInput{ChannelArn: &arn}))
	listed := must(once.ListStreams(ctx, &ivs.ListStreamsInput{})).Streams

	equal(seen.Stream.ViewerCount, 7.0)
	equal(seen, raw("GetStream", object{"channelArn": arn}))
	equal(len(listed), 1)
	equal(listed[0].StreamId, *seen.Stream.StreamId)
}

func session() {
	arn := newChannel(nil)
	control("StartStream", object{"channelArn": arn})
	control("EndStream", object{"channelArn": arn})

	seen := must(once.GetStreamSession(ctx, &ivs.GetStreamSessionInput{ChannelArn: &arn}))
	listed := must(once.ListStreamSessions(ctx,
		&ivs.ListStreamSessionsInput{ChannelArn: &arn})).StreamSessions

	equal(seen.StreamSession.EndTime != nil, true)
	equal(seen, raw("GetStreamSession", object{"channelArn": arn}))
	equal(len(listed), 1)
	equal(listed[0].StreamId, *seen.StreamSession.StreamId)
}
