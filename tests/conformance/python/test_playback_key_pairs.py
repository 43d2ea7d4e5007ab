"""Playback key pairs, with boto3."""
from support.boto import Journey
from support.keys import KEY_OF_ANOTHER_CURVE, KEYS, fingerprint

UNKNOWN = "arn:aws:ivs:us-east-1:000000000000:playback-key/abcdABCDefgh"


class TestPlaybackKeyPairs(Journey):
    """From import to deletion."""

    def import_key(self, pem=KEYS[0], **members):
        """A new key pair as the client sees it."""
        return self.ivs.import_playback_key_pair(publicKeyMaterial=pem,
                                                 **members)["keyPair"]

    def test_the_fingerprint_is_the_md5_of_the_key_s_der_form(self):
        for pem in KEYS[:3]:
            with self.subTest(pem):
                self.assertEqual(self.import_key(pem)["fingerprint"], fingerprint(pem))

    def test_a_key_pair_is_read_back_as_imported(self):
        created = self.import_key(name="door", tags={"team": "video"})

        read = self.ivs.get_playback_key_pair(arn=created["arn"])["keyPair"]

        self.assertEqual(read, created)
        self.assertEqual((read["name"], read["tags"]), ("door", {"team": "video"}))
        self.assertRegex(
            read["arn"],
            r"^arn:aws:ivs:us-east-1:000000000000:playback-key/[A-Za-z0-9]{12}$")

    def test_a_key_pair_needs_no_name_and_no_tags(self):
        created = self.import_key()

        self.assertEqual((created["name"], created["tags"]), ("", {}))

    def test_the_paginator_finds_summaries_in_order(self):
        created = [self.import_key(pem, name="door") for pem in KEYS[:3]]

        pages = list(self.ivs.get_paginator("list_playback_key_pairs").paginate(
            PaginationConfig={"PageSize": 2}))

        self.assertEqual([len(page["keyPairs"]) for page in pages], [2, 1])
        self.assertEqual(
            [pair for page in pages for pair in page["keyPairs"]],
            [{name: pair[name] for name in ("arn", "name", "tags")} for pair in created])

    def test_a_key_can_be_imported_only_once_whatever_its_name(self):
        arn = self.import_key(name="door")["arn"]

        self.assert_refused(
            "ConflictException", 409,
            f"The key with the fingerprint {fingerprint(KEYS[0])} is already imported: "
            f"{arn}", self.import_key, name="window")

    def test_a_deleted_key_pair_is_gone_and_can_be_imported_again(self):
        arn = self.import_key()["arn"]

        deleted = self.ivs.delete_playback_key_pair(arn=arn)

        self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 200)
        for call in (self.ivs.get_playback_key_pair, self.ivs.delete_playback_key_pair):
            self.assert_refused("ResourceNotFoundException", 404,
                                f"Resource: {arn} not found", call, arn=arn)
        self.assertNotEqual(self.import_key()["arn"], arn)

    def test_keys_of_another_kind_or_curve_are_refused(self):
        for pem, why in (
                (KEY_OF_ANOTHER_CURVE, "must be an ECDSA key of the curve P-384"),
                ("a key", "must be a PEM public key")):
            with self.subTest(why):
                self.assert_refused(
                    "ValidationException", 400,
                    f"ImportPlaybackKeyPair.publicKeyMaterial {why}",
                    self.import_key, pem)

    def test_an_unknown_key_pair_is_not_found(self):
        self.assert_refused("ResourceNotFoundException", 404,
                            f"Resource: {UNKNOWN} not found",
                            self.ivs.get_playback_key_pair, arn=UNKNOWN)
