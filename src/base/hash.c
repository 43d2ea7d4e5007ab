#include "base/hash.h"

#include <string.h>

static uint64_t hash_bytes(uint64_t hash, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, (const unsigned char *)text, strlen(text) + 1);
}

uint64_t hash_number(uint64_t hash, int64_t number)
{
    return hash_bytes(hash, (const unsigned char *)&number, sizeof(number));
}
