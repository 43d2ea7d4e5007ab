#include "fresh_key.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "cmocka_all.h"

static void assert_done(int code)
{
    if (code < 0)
        fail_msg("a key: %s", gnutls_strerror(code));
}

const char *fresh_public_key(struct arena *arena)
{
    gnutls_privkey_t private_key;
    gnutls_pubkey_t public_key;
    gnutls_datum_t pem;

    assert_done(gnutls_privkey_init(&private_key));
    assert_done(gnutls_pubkey_init(&public_key));
    assert_done(gnutls_privkey_generate(private_key, GNUTLS_PK_ECDSA,
                                        GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP384R1),
                                        0));
    assert_done(gnutls_pubkey_import_privkey(public_key, private_key, 0, 0));
    assert_done(gnutls_pubkey_export2(public_key, GNUTLS_X509_FMT_PEM, &pem));
    const char *text = arena_strndup(arena, (const char *)pem.data, pem.size);
    gnutls_free(pem.data);
    gnutls_pubkey_deinit(public_key);
    gnutls_privkey_deinit(private_key);
    return text;
}
