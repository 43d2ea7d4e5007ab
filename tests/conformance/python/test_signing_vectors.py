"""The requests that our own signer is tested by, against botocore's signers."""
import unittest
from pathlib import Path

from support import signing_vectors

TABLE = Path(__file__).resolve().parents[2] / "unit" / "signed_request_vectors.def"


class TestSigningVectors(unittest.TestCase):
    maxDiff = None

    def test_the_table_is_what_botocore_signs(self):
        self.assertEqual(TABLE.read_text(), signing_vectors.table())


if __name__ == "__main__":
    unittest.main()
