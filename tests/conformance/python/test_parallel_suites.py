"""Many test suites at once on one server, each an account in a region: nothing crosses."""
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

from support.boto import Journey
from support.caller import Caller
from support.keys import KEYS

# 16 accounts in one region, and the first of them in three more.
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1")
CALLERS = ([(f"{number:012}", REGIONS[0]) for number in range(1, 17)] +
           [(f"{1:012}", region) for region in REGIONS[1:]])

EVENTS_OF_A_STREAM = ("Session Created", "Stream Start", "Starvation Start",
                      "Starvation End", "Session Ended", "Stream End")
MAX_WAIT_SECONDS = 120


class Suite(Caller):
    """A caller, and what it must find. Each has a different size, so that the resources
    of another one would be noticed."""

    def __init__(self, server, number):
        super().__init__(server, *CALLERS[number])
        self.number = number
        self.size = 3 + number % 5
        self.channels = []  # ARNs, in order
        self.keys = []  # values of the channels' stream keys
        self.configurations = []
        self.known_to_all = {}  # ARNs that the others try; some may have been deleted by then

    def owns(self, arn):
        """Whether the ARN is of this account and region."""
        return arn.startswith(f"arn:aws:ivs:{self.region}:{self.account}:")


class Parallel(Journey):
    """Suites, and helpers to run all of them at once."""

    def setUp(self):
        super().setUp()
        self.suites = [Suite(self.server, number) for number in range(len(CALLERS))]
        self.all_ready = Barrier(len(self.suites))

    def in_parallel(self, step):
        """Runs the function for all suites at once. Suites that fail only because another
        one failed and no longer arrives at the barrier are not reported."""
        with ThreadPoolExecutor(len(self.suites)) as threads:
            failures = [failure for failure in threads.map(
                lambda suite: self.failure_of(step, suite), self.suites)
                if failure is not None]
        failures.sort(key=lambda failure: isinstance(failure, BrokenBarrierError))
        if failures:
            raise failures[0]

    def failure_of(self, step, suite):
        """Runs the step. Returns its failure, if there is one."""
        try:
            step(suite)
            return None
        except Exception as failure:  # pylint: disable=broad-except
            self.all_ready.abort()
            return failure

    def wait_for_all(self):
        """Continues when all suites have arrived."""
        self.all_ready.wait(MAX_WAIT_SECONDS)

    def assert_refused_to(self, suite, code, operation, **members):
        """The operation returns this error to the suite."""
        failure = suite.failure(operation, **members)
        self.assertEqual(failure and failure["Code"], code)


# The duration of CREATING: advancing the clocks ends it at once.
TRANSITIONS_SECONDS = 3600


class ParallelSuites(Parallel):
    """The whole life of a suite, in all of them at once."""

    options = ("--transitions", str(TRANSITIONS_SECONDS * 1000))

    # The actions of a suite.

    def create(self, suite):
        """Everything that a suite requires, under names that all suites use."""
        for number in range(suite.size):
            created = suite.call("create_channel", name=f"channel-{number}",
                                 tags={"suite": suite.name})
            suite.channels.append(created["channel"]["arn"])
            suite.keys.append(created["streamKey"]["value"])
            bucket = {"s3": {"bucketName": "demo-recordings"}}
            made = suite.call("create_recording_configuration", name=f"films-{number}",
                              destinationConfiguration=bucket)
            suite.configurations.append(made["recordingConfiguration"]["arn"])
        suite.known_to_all = {"channel": suite.channels[0],
                              "configuration": suite.configurations[0]}

    def meet_quotas(self, suite):
        """A quota that each suite fills for itself, with the keys of all others."""
        for key in KEYS[:3]:
            suite.call("import_playback_key_pair", publicKeyMaterial=key)
        self.assert_refused_to(suite, "ServiceQuotaExceededException",
                               "import_playback_key_pair", publicKeyMaterial=KEYS[3])

    def tag(self, suite):
        """Tags that identify the suite and the channel."""
        for number, arn in enumerate(suite.channels):
            suite.call("tag_resource", resourceArn=arn, tags={"number": str(number)})
            self.assertEqual(suite.call("list_tags_for_resource", resourceArn=arn)["tags"],
                             {"suite": suite.name, "number": str(number)})
            suite.call("untag_resource", resourceArn=arn, tagKeys=["number"])

    def stream(self, suite):
        """Streams that all live at once, and end."""
        for arn, key in zip(suite.channels, suite.keys):
            stream = suite.control("StartStream", streamKey=key)["stream"]
            self.assertEqual(stream["channelArn"], arn)
        live = suite.collect("list_streams", "streams", 2)
        self.assertEqual({stream["channelArn"] for stream in live}, set(suite.channels))
        for arn in suite.channels:
            suite.control("UpdateStream", channelArn=arn, health="STARVING")
            starving = suite.call("list_streams", filterBy={"health": "STARVING"})
            self.assertEqual([s["channelArn"] for s in starving["streams"]], [arn])
            suite.control("UpdateStream", channelArn=arn, health="HEALTHY")
        for arn in suite.channels:
            suite.call("stop_stream", channelArn=arn)
        self.assertEqual(suite.call("list_streams")["streams"], [])

    def try_others(self, suite):
        """The resources of others are not found by their ARNs."""
        for other in self.suites:
            if other is not suite:
                self.assert_refused_to(suite, "ResourceNotFoundException",
                                       "get_channel", arn=other.known_to_all["channel"])
        theirs = self.suites[suite.number - 1].known_to_all
        for operation, members in (
                ("delete_channel", {"arn": theirs["channel"]}),
                ("stop_stream", {"channelArn": theirs["channel"]}),
                ("tag_resource", {"resourceArn": theirs["channel"], "tags": {"a": "b"}}),
                ("delete_recording_configuration", {"arn": theirs["configuration"]})):
            self.assert_refused_to(suite, "ResourceNotFoundException", operation,
                                   **members)

    def meet_faults(self, suite):
        """All suites except every third have a fault for the same operation."""
        is_spared = suite.number % 3 == 0
        if not is_spared:
            suite.control("PutFault", operation="ListStreamKeys",
                          error="ConflictException", message=suite.name)
        self.wait_for_all()
        for arn in suite.channels:
            failure = suite.failure("list_stream_keys", channelArn=arn)
            self.assertEqual(failure and failure["Message"],
                             None if is_spared else suite.name)
        faults = suite.control("ListFaults")["faults"]
        self.assertEqual([fault["struck"] for fault in faults],
                         [] if is_spared else [len(suite.channels)])
        suite.control("DeleteFault", all=True)
        self.assertIsNone(suite.failure("list_stream_keys", channelArn=suite.channels[0]))

    def move_clocks(self, suite):
        """Every second suite advances its clock, each by a different time."""
        offset = 0
        if suite.number % 2 == 1:
            offset = TRANSITIONS_SECONDS + suite.number
            suite.control("AdvanceClock", seconds=offset)
        self.wait_for_all()
        self.assertEqual(suite.control("GetClock")["offsetSeconds"], offset)
        states = {configuration["state"] for configuration in suite.call(
            "list_recording_configurations")["recordingConfigurations"]}
        self.assertEqual(states, {"ACTIVE" if offset else "CREATING"})

    # The checks of what a suite sees.

    def look(self, suite):
        """The suite sees exactly its own resources."""
        listed = suite.collect("list_channels", "channels", 2)
        self.assertEqual([channel["arn"] for channel in listed], suite.channels)
        self.assertEqual({channel["tags"]["suite"] for channel in listed}, {suite.name})
        self.assertTrue(all(map(suite.owns, suite.channels + suite.configurations)))
        configurations = suite.collect("list_recording_configurations",
                                       "recordingConfigurations", 2)
        self.assertEqual([c["arn"] for c in configurations], suite.configurations)
        pairs = suite.call("list_playback_key_pairs")["keyPairs"]
        self.assertEqual(len(pairs), 3)
        self.assertTrue(all(suite.owns(pair["arn"]) for pair in pairs))
        for arn in suite.channels:
            sessions = suite.call("list_stream_sessions", channelArn=arn)
            self.assertEqual(len(sessions["streamSessions"]), 1)
        self.look_back(suite)

    def look_back(self, suite):
        """The suite sees the events and requests of its own streams and calls, and
        nothing else."""
        events = self.pages(suite, "ListEvents", "events")
        for event in events:
            self.assertEqual((event["account"], event["region"]),
                             (suite.account, suite.region))
        for arn in suite.channels:
            self.assertEqual(
                tuple(e["detail"]["event_name"] for e in events if e["resources"] == [arn]),
                EVENTS_OF_A_STREAM)
        self.assertEqual(len(events), len(EVENTS_OF_A_STREAM) * len(suite.channels))
        self.assertEqual(self.pages(suite, "ListRequests", "requests", "requestId"),
                         suite.request_ids)

    def pages(self, suite, operation, member, key=None):
        """All items of a list of the control API, or a member of each."""
        items, token = [], {}
        while True:
            answer = suite.control(operation, maxResults=7, **token)
            items += answer[member]
            if "nextToken" not in answer:
                return [item[key] for item in items] if key else items
            token = {"nextToken": answer["nextToken"]}

    def look_at_nothing(self, suite):
        """The suite has nothing."""
        for operation, member in (
                ("list_channels", "channels"), ("list_streams", "streams"),
                ("list_recording_configurations", "recordingConfigurations"),
                ("list_playback_key_pairs", "keyPairs")):
            self.assertEqual(suite.call(operation)[member], [])
        self.assertEqual(suite.control("ListEvents")["events"], [])
        self.assertEqual(suite.control("GetClock")["offsetSeconds"], 0)

    # The tests.

    def live(self, suite):
        """From the first channel to the last event."""
        self.create(suite)
        self.meet_quotas(suite)
        self.tag(suite)
        self.meet_faults(suite)
        self.move_clocks(suite)
        self.stream(suite)
        self.try_others(suite)
        self.look(suite)

    def live_twice(self, suite):
        """Runs all suites; then every second suite is reset and runs again while the
        others check."""
        self.live(suite)
        if suite.number % 2 == 0:
            for _ in range(5):
                self.look(suite)
            return
        suite.control("Reset")
        suite.request_ids.clear()
        self.look_at_nothing(suite)
        suite.channels, suite.keys, suite.configurations = [], [], []
        self.create(suite)
        self.meet_quotas(suite)
        self.stream(suite)
        self.look(suite)

    def test_each_suite_sees_only_its_own_while_others_work_and_reset(self):
        self.in_parallel(self.live_twice)

        for suite in self.suites:
            with self.subTest(suite.name):
                self.look(suite)
        self.look_at_nothing(Caller(self.server, "test", REGIONS[0]))


class ParallelSignedSuites(ParallelSuites):
    """The same on a server that verifies signatures."""

    options = (*ParallelSuites.options, "--auth", "sigv4", "--access-key", "test:test",
               *(f"--access-key={account}:test" for account in
                 sorted({account for account, _ in CALLERS})))


class ParallelThrottledSuites(Parallel):
    """Call rates, which each suite has for itself."""

    options = ("--throttling", "aws")

    def call_too_often(self, suite):
        """Some suites call until they are refused, and only then the others call."""
        is_busy = suite.number % 5 == 0
        if is_busy:
            self.call_until_refused(suite)
        self.wait_for_all()
        if not is_busy:
            suite.call("list_channels")

    def call_until_refused(self, suite):
        """The suite calls as fast as it can."""
        for _ in range(1000):
            failure = suite.failure("list_channels")
            if failure:
                self.assertEqual(failure["Code"], "ThrottlingException")
                self.assertIn(suite.account, failure["Message"])
                return
        self.fail("1,000 calls at once are all let through")

    def test_a_suite_that_calls_too_often_slows_no_other(self):
        self.in_parallel(self.call_too_often)
