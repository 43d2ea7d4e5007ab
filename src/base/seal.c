#include "base/seal.h"

#include "base/bug.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

static gnutls_aead_cipher_hd_t open_cipher(const unsigned char key[SEAL_KEY_BYTES])
{
    unsigned char copy[SEAL_KEY_BYTES];
    gnutls_datum_t datum = {.data = copy, .size = SEAL_KEY_BYTES};
    gnutls_aead_cipher_hd_t cipher;

    memcpy(copy, key, SEAL_KEY_BYTES);
    int failed = gnutls_aead_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_GCM, &datum);
    if (failed != 0)
        BUG("no cipher: %s", gnutls_strerror(failed));
    return cipher;
}

void seal_close(const unsigned char key[SEAL_KEY_BYTES],
                const unsigned char nonce[SEAL_NONCE_BYTES], const void *bytes,
                size_t length, unsigned char *out)
{
    gnutls_aead_cipher_hd_t cipher = open_cipher(key);
    size_t room = length + SEAL_TAG_BYTES;

    memcpy(out, nonce, SEAL_NONCE_BYTES);
    int failed = gnutls_aead_cipher_encrypt(cipher, nonce, SEAL_NONCE_BYTES, NULL, 0,
                                            SEAL_TAG_BYTES, bytes, length,
                                            out + SEAL_NONCE_BYTES, &room);
    gnutls_aead_cipher_deinit(cipher);
    if (failed != 0)
        BUG("cannot encrypt: %s", gnutls_strerror(failed));
}

int seal_open(const unsigned char key[SEAL_KEY_BYTES], const unsigned char *sealed,
              size_t length, unsigned char *out)
{
    if (length < SEAL_OVERHEAD_BYTES)
        return -1;
    gnutls_aead_cipher_hd_t cipher = open_cipher(key);
    size_t room = length - SEAL_OVERHEAD_BYTES;
    int failed = gnutls_aead_cipher_decrypt(cipher, sealed, SEAL_NONCE_BYTES, NULL, 0,
                                            SEAL_TAG_BYTES, sealed + SEAL_NONCE_BYTES,
                                            length - SEAL_NONCE_BYTES, out, &room);
    gnutls_aead_cipher_deinit(cipher);
    return failed == 0 ? 0 : -1;
}
