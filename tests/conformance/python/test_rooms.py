"""Chat rooms and logging configurations, with boto3."""
from datetime import timedelta

from botocore.exceptions import ClientError

from support.boto import ChatJourney, without_metadata
from support.server import Server

HANDLER = "arn:aws:lambda:us-east-1:000000000000:function:review"
MISSING = "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh"


class TestRooms(ChatJourney):
    """From creation to deletion."""

    def create_room(self, **members):
        """A new room as the client sees it."""
        return without_metadata(self.chat.create_room(**members))

    def get_room(self, arn):
        """The room as GetRoom shows it."""
        return without_metadata(self.chat.get_room(identifier=arn))

    def listed(self, **filters):
        """The ARNs of all rooms that match, page by page."""
        arns, token = [], ""
        while token is not None:
            page = self.chat.list_rooms(maxResults=2, nextToken=token, **filters)
            arns += [room["arn"] for room in page["rooms"]]
            token = page.get("nextToken")
        return arns

    def test_a_room_without_any_member_has_the_defaults(self):
        room = self.create_room()

        self.assertRegex(room["arn"], r"^arn:aws:ivschat:us-east-1:000000000000:room/"
                                      r"[A-Za-z0-9]{12}$")
        self.assertEqual(room, {
            "arn": room["arn"], "id": room["arn"].rpartition("/")[2],
            "createTime": room["createTime"], "updateTime": room["createTime"],
            "maximumMessageRatePerSecond": 10, "maximumMessageLength": 500, "tags": {}})
        self.assertEqual(room["createTime"].utcoffset(), timedelta(0))

    def test_a_room_is_created_changed_and_deleted(self):
        logging = self.create_logging()["arn"]
        room = self.create_room(
            name="lobby", maximumMessageRatePerSecond=100, maximumMessageLength=1,
            messageReviewHandler={"uri": HANDLER, "fallbackResult": "DENY"},
            loggingConfigurationIdentifiers=[logging], tags={"team": "video"})
        arn = room["arn"]
        self.assertEqual(self.get_room(arn), room)

        changed = without_metadata(self.chat.update_room(
            identifier=arn, name="hall", messageReviewHandler={"uri": ""},
            loggingConfigurationIdentifiers=[]))
        self.assertEqual(self.get_room(arn), changed)
        self.assertGreaterEqual(changed.pop("updateTime"), room.pop("updateTime"))
        room.pop("loggingConfigurationIdentifiers")
        self.assertEqual(changed, {
            **room, "name": "hall",
            "messageReviewHandler": {"uri": "", "fallbackResult": "ALLOW"}})

        deleted = self.chat.delete_room(identifier=arn)
        self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 204)
        for call in (self.chat.get_room, self.chat.update_room, self.chat.delete_room):
            self.assert_refused("ResourceNotFoundException", 404,
                                f"Resource: {arn} not found", call, identifier=arn)

    def test_rooms_are_listed_by_their_last_update_and_by_filters(self):
        logging = self.create_logging()["arn"]
        arns = [self.create_room(name=name, **members)["arn"] for name, members in (
            ("a", {"messageReviewHandler": {"uri": HANDLER}}),
            ("b", {"loggingConfigurationIdentifiers": [logging]}),
            ("a", {"messageReviewHandler": {"uri": HANDLER},
                   "loggingConfigurationIdentifiers": [logging]}))]

        self.assertEqual(self.listed(), [arns[2], arns[1], arns[0]])
        self.chat.update_room(identifier=arns[0], maximumMessageLength=100)
        self.assertEqual(self.listed(), [arns[0], arns[2], arns[1]])
        self.assertEqual(self.listed(name="a"), [arns[0], arns[2]])
        self.assertEqual(self.listed(messageReviewHandlerUri=HANDLER), [arns[0], arns[2]])
        self.assertEqual(self.listed(loggingConfigurationIdentifier=logging),
                         [arns[2], arns[1]])
        self.assertEqual(self.listed(name="b", messageReviewHandlerUri=HANDLER), [])

    def test_rooms_and_channels_have_their_own_tags(self):
        room = self.create_room(tags={"old": "1"})["arn"]
        channel = self.create_channel()["arn"]

        self.chat.tag_resource(resourceArn=room, tags={"kind": "room"})
        self.ivs.tag_resource(resourceArn=channel, tags={"kind": "channel"})
        self.chat.untag_resource(resourceArn=room, tagKeys=["old", "missing"])

        self.assertEqual(self.chat.list_tags_for_resource(resourceArn=room)["tags"],
                         {"kind": "room"})
        self.assertEqual(self.ivs.list_tags_for_resource(resourceArn=channel)["tags"],
                         {"kind": "channel"})
        self.assertEqual(self.get_room(room)["tags"], {"kind": "room"})

    def test_an_account_does_not_see_the_rooms_of_another(self):
        arn = self.create_room()["arn"]
        other = self.client_of("123456789012")

        self.assertEqual(other.list_rooms()["rooms"], [])
        with self.assertRaises(other.exceptions.ResourceNotFoundException):
            other.get_room(identifier=arn)


class TestLoggingConfigurations(ChatJourney):
    """Their states and destinations."""

    def test_each_kind_of_destination_is_shown(self):
        for destination in ({"s3": {"bucketName": "messages"}},
                            {"cloudWatchLogs": {"logGroupName": "/chat/messages"}},
                            {"firehose": {"deliveryStreamName": "messages"}}):
            created = self.chat.create_logging_configuration(
                name="messages", destinationConfiguration=destination)

            self.assertEqual(created["state"], "ACTIVE")
            self.assertEqual(created["destinationConfiguration"], destination)
            self.assertEqual(self.settled_logging(created["arn"]),
                             without_metadata(created))

    def test_a_configuration_is_creating_updating_and_deleting_for_some_time(self):
        server = Server("--transitions", "60000")
        self.addCleanup(server.stop)
        chat = self.client_of("test", server)
        arn = chat.create_logging_configuration(
            destinationConfiguration={"s3": {"bucketName": "messages"}})["arn"]

        def settle():
            before = chat.get_logging_configuration(identifier=arn)["state"]
            with self.assertRaises(chat.exceptions.ConflictException) as raised:
                chat.delete_logging_configuration(identifier=arn)
            self.assertEqual(raised.exception.response["resourceId"],
                             arn.rpartition("/")[2])
            server.control("AdvanceClock", seconds=60)
            return before

        self.assertEqual(settle(), "CREATING")
        self.assertEqual(chat.get_logging_configuration(identifier=arn)["state"], "ACTIVE")
        chat.update_logging_configuration(identifier=arn, name="messages")
        self.assertEqual(settle(), "UPDATING")
        chat.delete_logging_configuration(identifier=arn)
        self.assertEqual(settle(), "DELETING")
        with self.assertRaises(chat.exceptions.ResourceNotFoundException):
            chat.get_logging_configuration(identifier=arn)

    def test_a_configuration_in_use_is_kept(self):
        arn = self.create_logging()["arn"]
        room = self.chat.create_room(loggingConfigurationIdentifiers=[arn])["arn"]
        self.settled_logging(arn)

        self.assert_refused("ConflictException", 409, f"Resource: {arn} is in use by a room",
                            self.chat.delete_logging_configuration, identifier=arn)
        self.chat.delete_room(identifier=room)
        self.chat.delete_logging_configuration(identifier=arn)

    def test_a_region_has_ten_logging_configurations(self):
        for _ in range(10):
            self.create_logging()

        with self.assertRaises(self.chat.exceptions.ServiceQuotaExceededException) as raised:
            self.create_logging()

        answer = raised.exception.response
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 402)
        self.assertEqual((answer["limit"], answer["resourceType"], answer["resourceId"]),
                         (10, "ROOM", "000000000000"))


class TestErrors(ChatJourney):
    """The members of errors as the client parses them."""

    def response_of(self, error, call, **members):
        """The response of a call that fails with this error."""
        with self.assertRaises(getattr(self.chat.exceptions, error)) as raised:
            call(**members)
        return raised.exception.response

    def test_a_missing_room_is_named(self):
        answer = self.response_of("ResourceNotFoundException", self.chat.get_room,
                                  identifier=MISSING)

        self.assertEqual(answer["Error"]["Message"], f"Resource: {MISSING} not found")
        self.assertEqual((answer["resourceId"], answer["resourceType"]),
                         ("abcdABCDefgh", "ROOM"))

    def test_an_invalid_member_is_named(self):
        answer = self.response_of("ValidationException", self.chat.create_room,
                                  name="the lobby")

        self.assertEqual(answer["reason"], "FIELD_VALIDATION_FAILED")
        self.assertEqual(answer["fieldList"], [
            {"name": "name", "message": answer["Error"]["Message"]}])

    def test_a_call_rate_that_is_exceeded_is_reported(self):
        server = Server("--throttling", "aws")
        self.addCleanup(server.stop)
        chat = self.client_of("test", server)

        with self.assertRaises(ClientError) as raised:
            for _ in range(100):
                chat.list_rooms()

        answer = raised.exception.response
        self.assertEqual((answer["Error"]["Code"],
                          answer["ResponseMetadata"]["HTTPStatusCode"]),
                         ("ThrottlingException", 429))


class TestQuotasOff(ChatJourney):
    """With --quotas off."""

    options = ("--quotas", "off")

    def test_the_quota_of_logging_configurations_is_not_enforced(self):
        for _ in range(11):
            self.create_logging()

        listed = self.chat.list_logging_configurations(maxResults=50)
        self.assertEqual(len(listed["loggingConfigurations"]), 11)
