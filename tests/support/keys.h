/*
 * Keys for tests, generated with openssl and used for nothing else. The fingerprints are
 * the output of `openssl pkey -pubin -outform DER | openssl md5 -c`.
 */
#ifndef TESTS_SUPPORT_KEYS_H
#define TESTS_SUPPORT_KEYS_H

/* ECDSA P-384: the accepted kind. */
#define KEY_A                                                                            \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEJt6f3YmG4RCD9u/VwjVcd30T+hyvMvT+\n"                 \
    "nS3NGrimyxguUFLfwHnrI6hGjaTjZPf/PIgZlmLbNbPxzquo6uq12yE04s96n4ZQ\n"                 \
    "dgZpZHxcteBU5Hkp7NAA4qfqbmC//xfK\n"                                                 \
    "-----END PUBLIC KEY-----\n"
#define KEY_A_FINGERPRINT "d5:89:4b:01:4a:a0:1e:c1:8e:d8:9e:c5:2f:78:e4:3c"

/* Another. */
#define KEY_B                                                                            \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE949MjnsrGseIIlmm/Go9GxLJRN/oDN4W\n"                 \
    "+gfjlZ3y7jD62g7iVUZXwS6QuLSRUftmCmLx50YEyQQBVumlHjd9Wroq0FCVKnSF\n"                 \
    "gpO5t5/89xABN2i3S8tcAECK0A67zZQK\n"                                                 \
    "-----END PUBLIC KEY-----\n"

/* Another. */
#define KEY_C                                                                            \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEQqkET7es2wdTDxHjqPRO/uEYhY5y79lb\n"                 \
    "I9vJntWgNAupoifXoNpUd6g2tUQTXrdK5TUUWMKfLLgsiVfWYn6pE0lGvATua0//\n"                 \
    "YzC5RNde9/Ujpws8hiwR0yvbu6lrInCL\n"                                                 \
    "-----END PUBLIC KEY-----\n"

/* Another. */
#define KEY_D                                                                            \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEa+Z5Uk7qJGsF5G1vbsDU01/ShaP/xuIf\n"                 \
    "c+Yam+MURT3galph+I9mempd1hN/Z/p2KGEPcp9dn+Fzz9zAM55YZxQnoi1q4VF1\n"                 \
    "bjs0j0btHVmwBMWgkLGKO+MpuDpGT54Y\n"                                                 \
    "-----END PUBLIC KEY-----\n"

/* The private half of KEY_A, as openssl writes it. */
#define KEY_A_PRIVATE                                                                    \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                   \
    "MIGkAgEBBDA9HwhYkYhmbyAu8oTCx9tB3IHXt5STGqOyJDRXjzhAlykITtkHlkvh\n"                 \
    "RhttGERkK5WgBwYFK4EEACKhZANiAAQm3p/diYbhEIP279XCNVx3fRP6HK8y9P6d\n"                 \
    "Lc0auKbLGC5QUt/AeesjqEaNpONk9/88iBmWYts1s/HOq6jq6rXbITTiz3qfhlB2\n"                 \
    "BmlkfFy14FTkeSns0ADip+puYL//F8o=\n"                                                 \
    "-----END EC PRIVATE KEY-----\n"

/* The same in the other common form. */
#define KEY_A_PRIVATE_PKCS8                                                              \
    "-----BEGIN PRIVATE KEY-----\n"                                                      \
    "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDA9HwhYkYhmbyAu8oTC\n"                 \
    "x9tB3IHXt5STGqOyJDRXjzhAlykITtkHlkvhRhttGERkK5WhZANiAAQm3p/diYbh\n"                 \
    "EIP279XCNVx3fRP6HK8y9P6dLc0auKbLGC5QUt/AeesjqEaNpONk9/88iBmWYts1\n"                 \
    "s/HOq6jq6rXbITTiz3qfhlB2BmlkfFy14FTkeSns0ADip+puYL//F8o=\n"                         \
    "-----END PRIVATE KEY-----\n"

/* KEY_A with its point in the compressed form. */
#define KEY_A_COMPRESSED                                                                 \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MEYwEAYHKoZIzj0CAQYFK4EEACIDMgACJt6f3YmG4RCD9u/VwjVcd30T+hyvMvT+\n"                 \
    "nS3NGrimyxguUFLfwHnrI6hGjaTjZPf/\n"                                                 \
    "-----END PUBLIC KEY-----\n"

/* KEY_A with one byte after its DER form. */
#define KEY_A_WITH_MORE                                                                  \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEJt6f3YmG4RCD9u/VwjVcd30T+hyvMvT+\n"                 \
    "nS3NGrimyxguUFLfwHnrI6hGjaTjZPf/PIgZlmLbNbPxzquo6uq12yE04s96n4ZQ\n"                 \
    "dgZpZHxcteBU5Hkp7NAA4qfqbmC//xfKAA==\n"                                             \
    "-----END PUBLIC KEY-----\n"

/* KEY_A with its last bit inverted: a point that is not on the curve. */
#define KEY_OFF_CURVE                                                                    \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEJt6f3YmG4RCD9u/VwjVcd30T+hyvMvT+\n"                 \
    "nS3NGrimyxguUFLfwHnrI6hGjaTjZPf/PIgZlmLbNbPxzquo6uq12yE04s96n4ZQ\n"                 \
    "dgZpZHxcteBU5Hkp7NAA4qfqbmC//xfL\n"                                                 \
    "-----END PUBLIC KEY-----\n"

/* ECDSA of a smaller curve. */
#define KEY_P256                                                                         \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1rG8PYewu5uNZqBzaSb6B7wFHkLI\n"                 \
    "s8y9WaNTAe741MPVoN2dlX6ceF1L+R5jtfmC5pFd43VNtAPR3wSvgw2vHA==\n"                     \
    "-----END PUBLIC KEY-----\n"

/* A signature of another kind. */
#define KEY_ED25519                                                                      \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MCowBQYDK2VwAyEADkvSo1gUEmH5KshKtnti8ClBwluzU1qyKNEod1L/98w=\n"                     \
    "-----END PUBLIC KEY-----\n"

/* RSA, 1024 bits. */
#define KEY_RSA                                                                          \
    "-----BEGIN PUBLIC KEY-----\n"                                                       \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC+V/Bf78yramzLE1YrxJpS8EG2\n"                 \
    "JN6wpyAZ2EGSG1C2308rbctzNBvye28GN5i8rJY+gfXqSno9E+9+6BlxtcNlnnCj\n"                 \
    "pFfQ7P/OQ8B0eIzejZ9hnXQeODIKXom54sQQBneoPE88KQ6GQUSZOY7A1HuI2frG\n"                 \
    "ZL5vvPh6OL3U+3R3uwIDAQAB\n"                                                         \
    "-----END PUBLIC KEY-----\n"

#endif
