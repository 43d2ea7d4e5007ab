#include "base/public_key.h"

#include "base/bug.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <string.h>

#define FIRST_LINE "-----BEGIN PUBLIC KEY-----"
#define LAST_LINE "-----END PUBLIC KEY-----"
#define WHITE_SPACE " \t\r\n"

enum { MD5_BYTES = 16 };

static void key_done(gnutls_pubkey_t *key)
{
    gnutls_pubkey_deinit(*key);
}

/* The length from the first line of a PEM public key to its last, or 0 if the text is
 * anything else. The library would accept a key anywhere in the text. */
static size_t framed_length(const char *text)
{
    const char *end = strstr(text, LAST_LINE);

    if (strncmp(text, FIRST_LINE, strlen(FIRST_LINE)) != 0 || end == NULL)
        return 0;
    end += strlen(LAST_LINE);
    return end[strspn(end, WHITE_SPACE)] == '\0' ? (size_t)(end - text) : 0;
}

static int import_pem(gnutls_pubkey_t key, struct arena *arena, const char *pem)
{
    size_t length = framed_length(pem);
    gnutls_datum_t framed = {
        .data = (unsigned char *)arena_strndup(arena, pem, length),
        .size = (unsigned int)length,
    };

    if (length == 0 || gnutls_pubkey_import(key, &framed, GNUTLS_X509_FMT_PEM) < 0)
        return -1;
    return 0;
}

/* What is wrong with a text that is not a PEM public key. */
static const char *pem_problem(const char *text)
{
    /* Base64 of "-----BEGIN". */
    static const char encoded_begin[] = "LS0tLS1CRUdJTi";

    if (strncmp(text, encoded_begin, strlen(encoded_begin)) == 0)
        return "must be a PEM public key, not the Base64 encoding of one";
    if (strstr(text, FIRST_LINE "\\n") != NULL)
        return "must be a PEM public key with line breaks, not with the characters \\n";
    return "must be a PEM public key";
}

static bool is_p384(gnutls_pubkey_t key)
{
    gnutls_ecc_curve_t curve;

    return gnutls_pubkey_get_pk_algorithm(key, NULL) == GNUTLS_PK_ECDSA &&
           gnutls_pubkey_export_ecc_raw2(key, &curve, NULL, NULL, 0) >= 0 &&
           curve == GNUTLS_ECC_CURVE_SECP384R1;
}

static const char *fingerprint_of(struct arena *arena, gnutls_pubkey_t key)
{
    const char *text = "";
    unsigned char digest[MD5_BYTES];
    gnutls_datum_t der;

    if (gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der) < 0)
        BUG("a public key that was read cannot be exported");
    if (gnutls_hash_fast(GNUTLS_DIG_MD5, der.data, der.size, digest) < 0)
        BUG("MD5 is not available");
    gnutls_free(der.data);
    for (size_t i = 0; i < MD5_BYTES; i++)
        text = arena_printf(arena, i == 0 ? "%s%02x" : "%s:%02x", text, digest[i]);
    return text;
}

const char *public_key_read(struct arena *arena, const char *pem,
                            const char **fingerprint)
{
    gnutls_pubkey_t key AUTO(key_done) = NULL;

    if (strlen(pem) > PUBLIC_KEY_PEM_MAX_BYTES)
        return arena_printf(arena, "must be at most %d bytes long",
                            PUBLIC_KEY_PEM_MAX_BYTES);
    if (gnutls_pubkey_init(&key) < 0)
        BUG("no memory for a public key");
    if (import_pem(key, arena, pem + strspn(pem, WHITE_SPACE)) != 0)
        return pem_problem(pem);
    if (!is_p384(key))
        return "must be an ECDSA key of the curve P-384";
    if (gnutls_pubkey_verify_params(key) < 0)
        return "must be a point on the curve P-384";
    *fingerprint = fingerprint_of(arena, key);
    return NULL;
}
