"""The requests of the tests of our own signer, compared with botocore's signers."""
import unittest
from pathlib import Path

from support import signing_vectors

TABLE = Path(__file__).resolve().parents[2] / "unit" / "signed_request_vectors.def"


class TestSigningVectors(unittest.TestCase):
    maxDiff = None

    def test_the_table_has_the_signatures_of_botocore(self):
        self.assertEqual(TABLE.read_text(), signing_vectors.table())


if __name__ == "__main__":
    unittest.main()
