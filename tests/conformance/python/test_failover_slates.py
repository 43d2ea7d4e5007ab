"""Failover slate configurations, with boto3."""
from support.boto import Journey

DEFAULTS = {"name": "", "activationThresholdSeconds": 3, "minSlateDisplaySeconds": 3,
            "maxSlateDisplaySeconds": 60, "state": "CREATING", "tags": {}}


class TestFailoverSlates(Journey):
    """From CREATING to deletion."""

    needs = ("CreateFailoverSlateConfiguration",)

    def create_slate(self, **members):
        """A new configuration as the client sees it."""
        return self.ivs.create_failover_slate_configuration(
            **members)["failoverSlateConfiguration"]

    def settled_slate(self, arn):
        """The configuration once it is neither CREATING nor UPDATING."""
        for _ in range(10_000):
            answer = self.ivs.get_failover_slate_configuration(arn=arn)
            if answer["failoverSlateConfiguration"]["state"] not in ("CREATING",
                                                                     "UPDATING"):
                return answer["failoverSlateConfiguration"]
        raise AssertionError("the configuration does not settle")

    def test_a_configuration_without_any_member_has_the_defaults(self):
        created = self.create_slate()

        arn = created.pop("arn")
        self.assertRegex(arn, r":failover-slate-configuration/[A-Za-z0-9]{12}$")
        self.assertEqual(created, DEFAULTS)

    def test_a_configuration_is_creating_and_updating_for_some_time(self):
        created = self.create_slate(name="slate", tags={"team": "video"})
        settled = self.settled_slate(created["arn"])

        updated = self.ivs.update_failover_slate_configuration(
            arn=created["arn"], activationThresholdSeconds=5,
            maxSlateDisplaySeconds=180)["failoverSlateConfiguration"]
        changed = self.settled_slate(created["arn"])

        self.assertEqual(settled, {**created, "state": "CREATED"})
        self.assertEqual(updated, {**created, "state": "UPDATING",
                                   "activationThresholdSeconds": 5,
                                   "maxSlateDisplaySeconds": 180})
        self.assertEqual(changed, {**updated, "state": "CREATED"})

    def test_the_paginator_finds_every_configuration_in_order(self):
        created = [self.create_slate(name=name)["arn"] for name in ("a", "b", "c")]

        found = self.ivs.get_paginator("list_failover_slate_configurations").paginate(
            PaginationConfig={"PageSize": 2}).build_full_result()

        self.assertEqual([slate["arn"] for slate in found["failoverSlateConfigurations"]],
                         created)

    def test_seconds_out_of_bounds_are_refused(self):
        self.assert_refused(
            "ValidationException", 400,
            "CreateFailoverSlateConfiguration.maxSlateDisplaySeconds must be between 60 "
            "and 180", self.create_slate, maxSlateDisplaySeconds=181)

    def test_a_deleted_configuration_is_gone(self):
        arn = self.create_slate()["arn"]

        deleted = self.ivs.delete_failover_slate_configuration(arn=arn)

        self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 204)
        for call in (self.ivs.get_failover_slate_configuration,
                     self.ivs.update_failover_slate_configuration,
                     self.ivs.delete_failover_slate_configuration):
            self.assert_refused("ResourceNotFoundException", 404,
                                f"Resource: {arn} not found", call, arn=arn)
