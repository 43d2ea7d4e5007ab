"""
Public keys for tests, made with `openssl ecparam -name secp384r1 -genkey` and used for
nothing else.
"""
import base64
import hashlib

KEYS = tuple(f"-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----\n" for key in (
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEHW/n+enBFmsDOFyd+o77d/37TLPDSW+B\n"
    "rScubH3EfF8tc/kLW3BhNQSaRIVTlF2csKw3/jecm1MB0nBdvEZdCH8WyiZ+FJmY\n"
    "ueudCEwSUhzzKVu1E4R5xHHPwZv/WVXg",
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAECRi3MOOvTbgmUzPu28GLPWUpGvHoe2WZ\n"
    "yUJVILCOVC8Yt20gnoIYDDQQpdRDaYHN0beSASqtLzwtJD+uDnJY2fcYc16xDE21\n"
    "M4XTm2ZSUVC0gJNcUUopHaRmvT6GqN+B",
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAERtgArdfQUkUgTfOmxokWJnmUDDtkTf9k\n"
    "U24eSHOJorOhlB6DOTeM0UGTthPbptxTHrKm3PQ43M6XMNAJyCd9pWbt38W7qJZi\n"
    "bPacpKH8tN9dN+kAMpcrUfJw5U+kMfDu",
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEatIKq6qyV2+Dh/aBvNnHZTqAGd5AuQu9\n"
    "DZ4cj3JOmK/821XDsGwIq3gApoIsbRs0W93aZxR1qahnqud6+RxeXkSMriwdVQh1\n"
    "JUQ8wmAt3zvZYuMgJgQf5/a8V8LBsYKw",
))

# On the curve P-256, so not valid for playback.
KEY_OF_ANOTHER_CURVE = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmVtDNcxCEGzaV4yzoaQ7+ZM/UVkD\n"
    "LdILH3P8UWAzbVJafJAvTqM+kejvB7cyO+3EFOFi4nT2ybXfWJGcQttpCg==\n"
    "-----END PUBLIC KEY-----\n")


def fingerprint(pem):
    """MD5 of the key's DER form, in the notation of AWS."""
    der = base64.b64decode("".join(pem.splitlines()[1:-1]))
    return hashlib.md5(der).digest().hex(":")
