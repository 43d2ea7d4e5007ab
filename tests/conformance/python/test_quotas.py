"""Service quotas, with boto3: those that AWS does not raise are enforced even with
--quotas off."""
from support.boto import Journey
from support.keys import KEYS


class TestQuotas(Journey):
    """Quotas with --quotas off."""

    options = ("--quotas", "off")
    needs = ("CreatePlaybackRestrictionPolicy", "CreateAdConfiguration",
             "CreateFailoverSlateConfiguration")

    def assert_over_quota(self, what, call, **members):
        """The call is refused because of this quota."""
        self.assert_refused("ServiceQuotaExceededException", 402,
                            f"Service quota exceeded: {what}", call, **members)

    def test_a_region_has_three_playback_key_pairs(self):
        for pem in KEYS[:3]:
            self.ivs.import_playback_key_pair(publicKeyMaterial=pem)

        self.assert_over_quota("3 playback key pairs per region",
                               self.ivs.import_playback_key_pair,
                               publicKeyMaterial=KEYS[3])

    def test_a_region_has_three_restriction_policies(self):
        for _ in range(3):
            self.ivs.create_playback_restriction_policy()

        self.assert_over_quota("3 playback restriction policies per region",
                               self.ivs.create_playback_restriction_policy)

    def test_a_region_has_twenty_ad_configurations(self):
        for _ in range(20):
            self.create_ads()

        self.assert_over_quota("20 ad configurations per region", self.create_ads)

    def test_a_policy_has_a_maximum_of_countries_and_origins(self):
        create = self.ivs.create_playback_restriction_policy
        origins = [f"https://{i}.example.com" for i in range(6)]
        create(allowedCountries=["DE"] * 200, allowedOrigins=origins[:5])

        self.assert_over_quota("200 countries per playback restriction policy", create,
                               allowedCountries=["DE"] * 201)
        self.assert_over_quota("5 origins per playback restriction policy", create,
                               allowedOrigins=origins)

    def test_a_channel_has_one_stream_key(self):
        arn = self.create_channel()["arn"]

        self.assert_over_quota("1 stream key per channel", self.ivs.create_stream_key,
                               channelArn=arn)

    def test_adjustable_quotas_are_not_enforced(self):
        for _ in range(21):
            self.create_configuration()
            self.ivs.create_failover_slate_configuration()

        listed = self.ivs.list_failover_slate_configurations()
        self.assertEqual(len(listed["failoverSlateConfigurations"]), 21)
