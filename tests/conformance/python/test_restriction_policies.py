"""Playback restriction policies, with boto3."""
from support.boto import Journey

EVERY_MEMBER = {
    "name": "europe", "allowedCountries": ["DE", "FR"],
    "allowedOrigins": ["https://www.example.com", "https://*.example.org:8443"],
    "enableStrictOriginEnforcement": True, "tags": {"team": "video"}}


class TestRestrictionPolicies(Journey):
    """From creation to deletion."""

    needs = ("CreatePlaybackRestrictionPolicy",)

    def create_policy(self, **members):
        """A new policy as the client sees it."""
        return self.ivs.create_playback_restriction_policy(
            **members)["playbackRestrictionPolicy"]

    def test_a_policy_without_any_member_allows_everything(self):
        created = self.create_policy()

        arn = created.pop("arn")
        self.assertRegex(arn, r":playback-restriction-policy/[A-Za-z0-9]{12}$")
        self.assertEqual(created, {
            "name": "", "allowedCountries": [], "allowedOrigins": [],
            "enableStrictOriginEnforcement": False, "tags": {}})

    def test_every_member_is_read_back_as_sent(self):
        created = self.create_policy(**EVERY_MEMBER)

        read = self.ivs.get_playback_restriction_policy(arn=created["arn"])

        self.assertEqual(created, {**EVERY_MEMBER, "arn": created["arn"]})
        self.assertEqual(read["playbackRestrictionPolicy"], created)

    def test_an_update_changes_only_the_given_members(self):
        created = self.create_policy(**EVERY_MEMBER)

        updated = self.ivs.update_playback_restriction_policy(
            arn=created["arn"], allowedCountries=[], enableStrictOriginEnforcement=False)

        self.assertEqual(
            updated["playbackRestrictionPolicy"],
            {**created, "allowedCountries": [], "enableStrictOriginEnforcement": False})
        self.assertEqual(
            self.ivs.get_playback_restriction_policy(arn=created["arn"])
            ["playbackRestrictionPolicy"], updated["playbackRestrictionPolicy"])

    def test_a_page_has_one_policy_by_default(self):
        created = [self.create_policy(name=f"policy-{i}") for i in range(3)]

        first = self.ivs.list_playback_restriction_policies()
        rest = self.ivs.list_playback_restriction_policies(
            nextToken=first["nextToken"], maxResults=100)

        self.assertEqual(first["playbackRestrictionPolicies"], created[:1])
        self.assertEqual(rest["playbackRestrictionPolicies"], created[1:])
        self.assertNotIn("nextToken", rest)

    def test_invalid_countries_and_origins_are_refused(self):
        for members, message in (
                ({"allowedCountries": ["DE", "XX"]},
                 "allowedCountries[1] must be an officially assigned ISO 3166-1 alpha-2 "
                 "code"),
                ({"allowedOrigins": ["www.example.com"]},
                 "allowedOrigins[0] must be an origin such as https://www.example.com, "
                 "or *")):
            with self.subTest(message):
                self.assert_refused("ValidationException", 400,
                                    f"CreatePlaybackRestrictionPolicy.{message}",
                                    self.create_policy, **members)

    def test_a_deleted_policy_is_gone(self):
        arn = self.create_policy()["arn"]

        deleted = self.ivs.delete_playback_restriction_policy(arn=arn)

        self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 204)
        for call in (self.ivs.get_playback_restriction_policy,
                     self.ivs.update_playback_restriction_policy,
                     self.ivs.delete_playback_restriction_policy):
            self.assert_refused("ResourceNotFoundException", 404,
                                f"Resource: {arn} not found", call, arn=arn)
