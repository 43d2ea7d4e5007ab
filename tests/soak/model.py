"""The state that a caller expects of the server. Dictionaries are in order of creation."""
import copy


class Kind:
    """A kind of resource and the operations on it."""

    def __init__(self, title, titles, most, updates=True, creates="Create", short=0):
        # `short`: the length of the part of the title that the members of responses omit.
        self.name = title[short].lower() + title[short + 1:]
        self.plural = titles[short].lower() + titles[short + 1:]
        self.most = most
        self.create, self.get = creates + title, "Get" + title
        self.update = "Update" + title if updates else None
        self.delete, self.list = "Delete" + title, "List" + titles


CHANNEL = Kind("Channel", "Channels", 30)
RECORDING = Kind("RecordingConfiguration", "RecordingConfigurations", 10, updates=False)
POLICY = Kind("PlaybackRestrictionPolicy", "PlaybackRestrictionPolicies", 3)
ADS = Kind("AdConfiguration", "AdConfigurations", 10)
SLATE = Kind("FailoverSlateConfiguration", "FailoverSlateConfigurations", 10)
KEY_PAIR = Kind("PlaybackKeyPair", "PlaybackKeyPairs", 3, updates=False, creates="Import",
                short=len("Playback"))
KINDS = (CHANNEL, RECORDING, POLICY, ADS, SLATE, KEY_PAIR)


LONGEST_STREAM = 48 * 3600


class Model:
    def __init__(self):
        self.resources = {kind.name: {} for kind in KINDS}  # ARN -> as Get returns it
        self.keys = {}      # channel's ARN -> stream key, if it has one
        self.live = {}      # channel's ARN -> stream, as GetStream returns it
        self.sessions = {}  # channel's ARN -> ids of its streams, newest first
        self.told = {"Stream Start": 0, "Stream End": 0}  # events
        self.deleted = []   # kinds and ARNs that must not reappear
        self.ahead = 0      # seconds that the clock was moved

    def of(self, kind):
        return self.resources[kind.name]

    def copy(self):
        return copy.deepcopy(self, {id(kind): kind for kind in KINDS})

    def add_channel(self, channel, key):
        self.of(CHANNEL)[channel["arn"]] = channel
        self.keys[channel["arn"]] = key
        self.sessions[channel["arn"]] = []

    def delete(self, kind, arn):
        del self.of(kind)[arn]
        self.deleted.append((kind, arn))
        if kind is CHANNEL:
            self.keys.pop(arn, None)
            del self.sessions[arn]

    def begin(self, stream):
        arn = stream["channelArn"]
        self.live[arn] = stream
        self.sessions[arn].insert(0, stream["streamId"])
        self.told["Stream Start"] += 1

    def end(self, arn):
        del self.live[arn]
        self.told["Stream End"] += 1

    def advance(self, ahead):
        """Moves the clock; streams that have lasted 48 hours end."""
        if ahead - self.ahead > LONGEST_STREAM:
            for arn in list(self.live):
                self.end(arn)
        self.ahead = ahead

    def references(self, arn):
        """Whether a channel refers to the resource."""
        return any(arn in channel.values() for channel in self.of(CHANNEL).values())
