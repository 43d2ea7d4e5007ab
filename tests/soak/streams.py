"""The actions of a caller on streams and on the clock."""
import time

from calls import CONFLICT, OFFLINE, Calls
from client import Difference
from model import CHANNEL, LONGEST_STREAM


class Streams(Calls):
    def look_live(self, arn):
        answer = self.client.call("GetStream", {"channelArn": arn})
        if answer.status == 200:
            return answer.body["stream"]
        if answer.error != OFFLINE:
            raise Difference(f"GetStream: {answer.status} {answer.error}")
        return None

    def start_stream(self):
        arn = self.pick(self.model.of(CHANNEL))
        if arn is None:
            return
        if arn in self.model.live:
            self.client.expect("/StartStream", {"channelArn": arn}, error=CONFLICT)
            return
        body = {"channelArn": arn}
        if arn in self.model.keys and self.random.random() < 0.5:
            body = {"streamKey": self.model.keys[arn]["value"]}

        def find_out():
            stream = self.look_live(arn)
            if stream is not None:
                self.model.begin(stream)
        self.change("/StartStream", body,
                    lambda answer: self.model.begin(answer["stream"]), find_out)

    def end_stream(self):
        operation = self.random.choice(("/EndStream", "StopStream"))
        arn = self.pick(self.model.live)
        if arn is None:
            arn = self.pick(self.model.of(CHANNEL))
            if arn is not None:
                self.client.expect("GetStream", {"channelArn": arn}, error=OFFLINE)
            return

        def find_out():
            if self.look_live(arn) is None:
                self.model.end(arn)
        self.change(operation, {"channelArn": arn}, lambda _: self.model.end(arn), find_out)

    def update_stream(self):
        arn = self.pick(self.model.live)
        if arn is None:
            return
        viewers = self.random.randrange(100)

        def find_out():
            stream = self.look_live(arn)
            if stream is not None:
                self.model.live[arn] = stream
        self.change("/UpdateStream", {"channelArn": arn, "viewerCount": viewers},
                    lambda answer: self.model.live.update({arn: answer["stream"]}), find_out)

    def advance(self):
        """Mostly a few minutes; sometimes so long that live streams end."""
        seconds = self.random.randint(1, 600)
        if self.random.random() < 0.1:
            seconds = LONGEST_STREAM + 3600
        ahead = self.model.ahead + seconds

        def apply(body):
            self.same("offsetSeconds", body["offsetSeconds"], ahead)
            self.model.advance(ahead)

        def find_out():
            found = self.client.expect("/GetClock")["offsetSeconds"]
            if found == ahead:
                self.model.advance(ahead)
                self.await_ends()
            self.same("offsetSeconds", found, self.model.ahead)
        self.change("/AdvanceClock", {"seconds": seconds}, apply, find_out)

    def await_ends(self):
        """The next server soon runs the work that was due when the last one died."""
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            streams = self.client.pages("ListStreams", "streams", 100)
            if len(streams) == len(self.model.live):
                return
            time.sleep(0.02)
