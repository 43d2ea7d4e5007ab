"""How a caller checks whether the server agrees with its model."""
from calls import NOT_FOUND, Calls, settled
from model import CHANNEL, KINDS, RECORDING


class Looks(Calls):
    def look(self):
        """Checks one resource."""
        kind = self.random.choice(KINDS)
        arn = self.pick(self.model.of(kind))
        if arn is not None:
            self.verify_resource(kind, arn)
        if self.model.deleted:
            kind, gone = self.random.choice(self.model.deleted)
            self.client.expect(kind.get, {"arn": gone}, error=NOT_FOUND)

    def look_at_list(self):
        kind = self.random.choice(KINDS)
        self.verify_list(kind)
        arn = self.pick(self.model.of(RECORDING))
        if kind is CHANNEL and arn is not None:
            found = [entry["arn"] for entry in
                     self.list(kind, filterByRecordingConfigurationArn=arn)]
            self.same(f"channels of {arn}", found, [
                channel["arn"] for channel in self.model.of(CHANNEL).values()
                if channel.get("recordingConfigurationArn") == arn])

    def verify_resource(self, kind, arn):
        self.same(arn, self.read(kind, arn), self.model.of(kind)[arn])

    def verify_list(self, kind):
        entries = self.list(kind)
        self.same(kind.list, [entry["arn"] for entry in entries], list(self.model.of(kind)))
        for entry in entries:
            whole = self.model.of(kind)[entry["arn"]]
            self.same(f"{kind.list}: {entry['arn']}", settled(entry),
                      {name: whole.get(name) for name in settled(entry)})

    def verify_channel(self, arn):
        keys = self.client.expect("ListStreamKeys", {"channelArn": arn})["streamKeys"]
        key = self.model.keys.get(arn)
        self.same(f"stream keys of {arn}", [entry["arn"] for entry in keys],
                  [key["arn"]] if key else [])
        if key:
            self.same(key["arn"], self.client.expect(
                "GetStreamKey", {"arn": key["arn"]})["streamKey"], key)
        sessions = self.client.pages("ListStreamSessions", "streamSessions",
                                     self.random.randint(1, 100), channelArn=arn)
        self.same(f"sessions of {arn}", [entry["streamId"] for entry in sessions],
                  self.model.sessions[arn])
        self.same(f"stream of {arn}", self.look_live(arn), self.model.live.get(arn))

    def verify(self):
        """Compares everything with the model."""
        for kind in KINDS:
            self.verify_list(kind)
            for arn in self.model.of(kind):
                self.verify_resource(kind, arn)
        for arn in self.model.of(CHANNEL):
            self.verify_channel(arn)
        streams = self.client.pages("ListStreams", "streams", self.random.randint(1, 100))
        self.same("ListStreams", [entry["channelArn"] for entry in streams],
                  list(self.model.live))
        events = self.client.pages("/ListEvents", "events", 1000,
                                   detailType="IVS Stream State Change")
        names = [event["detail"]["event_name"] for event in events]
        self.same("events", {name: names.count(name) for name in self.model.told},
                  self.model.told)
