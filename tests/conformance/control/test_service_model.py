"""The service model of the control API: boto3 and the AWS CLI call it with nothing else."""
import datetime
import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path
from unittest import mock

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

from support.server import BUILD, Server, tables
from support.websocket import WebSocket

sys.path.append(str(Path(__file__).resolve().parent.parent / "model"))
from compare import Comparison  # noqa: E402

AWS = os.environ["CONFORMANCE_AWS"]
PRINTED = json.loads(subprocess.run([BUILD / "ivs-local", "model"], check=True,
                                    stdout=subprocess.PIPE).stdout)
ARN = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"


class TestModel(unittest.TestCase):
    """What it says is what the server validates."""

    def test_it_has_the_shapes_of_the_tables(self):
        ours = tables()["control"]
        comparison = Comparison(PRINTED["shapes"])

        self.assertEqual(ours.keys(), PRINTED["operations"].keys())
        for name, operation in PRINTED["operations"].items():
            comparison.route(name, ours[name], operation)
            self.assertEqual(ours[name]["status"], operation["http"]["responseCode"])
            for direction, key in (("in", "input"), ("out", "output")):
                if ours[name][direction]["members"]:
                    comparison.shape(f"{name} {key}", ours[name][direction],
                                     operation[key]["shape"])
                elif name not in ("Metrics", "Watch"):  # in plain text, and a stream
                    self.assertNotIn(key, operation)

        self.assertEqual([str(difference) for difference in comparison.differences], [])

    def test_every_operation_and_every_member_is_documented(self):
        self.assertEqual([name for name, operation in PRINTED["operations"].items()
                          if not operation.get("documentation")], [])
        self.assertEqual(
            [f"{name}.{member}" for name, shape in PRINTED["shapes"].items()
             if "exception" not in shape and "payload" not in shape
             for member, reference in shape.get("members", {}).items()
             if not reference.get("documentation")], [])


class TestBoto3(unittest.TestCase):
    """boto3 with the model in AWS_DATA_PATH."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        file = (Path(folder.name) / "ivs-local" / PRINTED["metadata"]["apiVersion"] /
                "service-2.json")
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(PRINTED))
        with mock.patch.dict(os.environ, {"AWS_DATA_PATH": folder.name}):
            cls.session = boto3.session.Session()
            cls.session.client("ivs-local", "us-east-1", endpoint_url="http://localhost")

    def client(self, server, service="ivs-local", account="test", region="us-east-1"):
        return self.session.client(
            service, endpoint_url=server.url, region_name=region,
            aws_access_key_id=account, aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 1, "mode": "standard"}))

    def start(self, *options):
        server = Server(*options)
        self.addCleanup(server.stop)
        return server

    def test_a_call_is_watched(self):
        server = self.start()
        watcher = self.client(server, account="123456789012")
        entries = watcher.watch(kinds="request,clock", region="us-west-2")["entries"]

        self.client(server, account="123456789012", region="us-west-2").advance_clock(seconds=60)

        data = next(line for line in entries.iter_lines(chunk_size=1)
                    if line.startswith(b"data: "))
        entry = json.loads(data[len(b"data: "):])
        self.assertEqual((entry["account"], entry["region"], entry["offsetSeconds"]),
                         ("123456789012", "us-west-2", 60))

    def test_a_fault_is_put_listed_applied_and_deleted(self):
        server = self.start()
        control, ivs = self.client(server), self.client(server, "ivs")

        fault = control.put_fault(operation="CreateChannel", error="PendingVerification",
                                  probability=1, times=2)["faultId"]
        with self.assertRaises(ivs.exceptions.PendingVerification):
            ivs.create_channel()
        listed = control.list_faults()["faults"]
        control.delete_fault(faultId=fault)

        self.assertEqual(
            [(f["faultId"], f["times"], f["probability"], f["struck"]) for f in listed],
            [(fault, 1, 1, 1)])
        self.assertEqual(control.list_faults()["faults"], [])

    def test_the_warning_of_a_reset_is_read(self):
        server = self.start()
        control = self.client(server)

        self.assertNotIn("warning", control.reset())
        self.client(server, "ivs").create_channel()
        self.assertIn("us-east-1", control.reset(region="eu-west-1")["warning"])

    def test_calls_act_in_the_account_and_region_of_the_client(self):
        server = self.start()
        there = {"account": "111122223333", "region": "eu-west-1"}

        self.client(server, **there).put_fault(operation="*", latencyMs=0)

        self.assertEqual(len(self.client(server, **there).list_faults()["faults"]), 1)
        self.assertEqual(self.client(server).list_faults()["faults"], [])

    def test_a_stream_is_started_and_the_clock_is_moved(self):
        server = self.start()
        control, ivs = self.client(server), self.client(server, "ivs")
        arn = ivs.create_channel()["channel"]["arn"]

        stream = control.start_stream(
            channelArn=arn, viewerCount=3,
            ingestConfiguration={"video": {"targetBitrate": 1000000}})["stream"]
        clock = control.advance_clock(seconds=60)

        self.assertEqual((stream["state"], stream["viewerCount"]), ("LIVE", 3))
        self.assertIsInstance(stream["startTime"], datetime.datetime)
        self.assertEqual(clock["offsetSeconds"], 60)
        self.assertGreaterEqual(clock["now"] - stream["startTime"],
                                datetime.timedelta(seconds=60))
        session = ivs.get_stream_session(channelArn=arn)["streamSession"]
        self.assertEqual(session["ingestConfiguration"]["video"]["targetBitrate"], 1000000)
        events = control.list_events(detailType="IVS Stream State Change")["events"]
        self.assertEqual(events[0]["detail"]["event_name"], "Session Created")
        self.assertEqual(events[0]["detail-type"], "IVS Stream State Change")

    def test_messages_and_connections_of_a_chat_room_are_listed(self):
        server = self.start()
        there = {"account": "111122223333", "region": "eu-west-1"}
        control, chat = self.client(server, **there), self.client(server, "ivschat", **there)
        room = chat.create_room()["arn"]
        token = chat.create_chat_token(roomIdentifier=room, userId="ann", capabilities=[
            "SEND_MESSAGE"], attributes={"displayName": "Ann"})
        ann = WebSocket(server.url).open(token["token"])
        self.addCleanup(ann.close)
        ann.say("Hi")
        said = ann.receive()

        listed = control.list_messages(roomIdentifier=room)
        connection, = control.list_connections(roomIdentifier=room)["connections"]

        self.assertEqual(listed["messages"], [said])
        self.assertEqual((listed["account"], listed["region"]), tuple(there.values()))
        self.assertEqual(
            (connection["userId"], connection["attributes"], connection["capabilities"],
             connection["address"], connection["sessionExpirationTime"]),
            ("ann", {"displayName": "Ann"}, ["SEND_MESSAGE"], "127.0.0.1",
             token["sessionExpirationTime"]))
        self.assertIsInstance(connection["connectTime"], datetime.datetime)
        with self.assertRaises(control.exceptions.ResourceNotFoundException):
            control.list_messages(roomIdentifier=f"{room.rpartition('/')[0]}/abcdABCDefgh")

    def test_a_seed_has_inputs_of_any_form(self):
        server = self.start()

        results = self.client(server).seed(calls=[
            {"operation": "CreateChannel", "as": "a", "input": {"tags": {"b": "c"}}},
            {"operation": "GetChannel", "input": {"arn": "${a.channel.arn}"}},
        ])["results"]

        self.assertEqual([result["operation"] for result in results],
                         ["CreateChannel", "GetChannel"])
        self.assertEqual(results[1]["output"]["channel"]["tags"], {"b": "c"})

    def test_health_and_metrics_are_read(self):
        server = self.start()
        control = self.client(server)

        self.assertEqual(control.health()["status"], "ok")
        self.assertIn("# TYPE ivs_local_info gauge", control.metrics()["metrics"])
        self.assertEqual(control.model()["metadata"], PRINTED["metadata"])
        self.assertEqual(control.open_api()["openapi"], "3.1.0")

    def test_errors_have_the_types_of_the_model(self):
        server = self.start()
        control = self.client(server)
        calls = [
            ("ResourceNotFoundException", lambda: control.start_stream(channelArn=ARN)),
            ("ResourceNotFoundException", lambda: control.delete_fault(faultId="unknown")),
            ("ResourceNotFoundException", lambda: control.restore_snapshot(name="none")),
            ("ValidationException", lambda: control.put_fault(operation="Nothing",
                                                              latencyMs=1)),
            ("ValidationException", lambda: control.save_snapshot(name="a b")),
        ]

        for code, call in calls:
            with self.subTest(code), self.assertRaises(
                    control.exceptions.from_code(code)) as raised:
                call()
            self.assertIsNot(type(raised.exception), ClientError)
            self.assertTrue(raised.exception.response["Error"]["Message"])

    def test_what_the_client_can_check_is_not_sent(self):
        server = self.start()
        control = self.client(server)

        for members in ({"operation": "*", "times": 0}, {"operation": ""},
                        {"operation": "*", "time": 1}):
            with self.subTest(members), self.assertRaises(ParamValidationError):
                control.put_fault(**members)
        with self.assertRaises(ParamValidationError):
            control.advance_clock()

    def test_its_signatures_are_verified(self):
        server = self.start("--auth", "sigv4")

        self.assertEqual(self.client(server).list_faults()["faults"], [])
        with self.assertRaises(ClientError) as raised:
            self.client(server, account="unknown").list_faults()
        self.assertEqual(raised.exception.response["Error"]["Code"],
                         "UnrecognizedClientException")


class TestCommand(unittest.TestCase):
    """`aws configure add-model`, with a home of its own."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        file = self.home / "model.json"
        with urllib.request.urlopen(f"{self.server.url}/_ivs-local/model.json") as answer:
            file.write_bytes(answer.read())
        self.run_aws("configure", "add-model", "--service-name", "ivs-local",
                     "--service-model", f"file://{file}")

    def start_aws(self, *arguments):
        # As an option: AWS_ENDPOINT_URL_IVS_LOCAL is not read by the command of Debian.
        return subprocess.run(
            [AWS, "--endpoint-url", self.server.url, *arguments], capture_output=True,
            text=True, check=False,
            env={**os.environ, "HOME": str(self.home), "AWS_DEFAULT_OUTPUT": "json"})

    def run_aws(self, *arguments):
        ended = self.start_aws(*arguments)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return json.loads(ended.stdout) if ended.stdout.strip() else None

    def test_operations_are_commands(self):
        fault = self.run_aws("ivs-local", "put-fault", "--operation", "CreateChannel",
                             "--error", "ThrottlingException", "--times", "3")["faultId"]
        seeded = self.run_aws("ivs-local", "seed", "--calls", json.dumps(
            [{"operation": "CreateChannel", "input": {"name": "lobby"}}]))

        faults = self.server.control("ListFaults")["faults"]
        self.assertEqual([(f["faultId"], f["error"], f["times"]) for f in faults],
                         [(fault, "ThrottlingException", 3)])
        self.assertEqual(seeded["results"][0]["output"]["channel"]["name"], "lobby")

    def test_a_misspelt_member_is_refused_by_the_command(self):
        ended = self.start_aws("ivs-local", "put-fault", "--operation", "*", "--tines", "1")

        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("--tines", ended.stderr)


if __name__ == "__main__":
    unittest.main()
