/*
 * Shortcuts for tests of playback restrictions and ads.
 */
#ifndef TESTS_SUPPORT_PLAYBACK_H
#define TESTS_SUPPORT_PLAYBACK_H

#include "support/emulator.h"

/* A text as a JSON string, with quotes: for keys, which contain line breaks. */
const char *in_json(struct emulator *emu, const char *text);

/* ImportPlaybackKeyPair with only this PEM. */
struct reply import_key_pair(struct emulator *emu, const char *region, const char *pem);

/* The ARN of a new resource. */
const char *create_key_pair(struct emulator *emu, const char *region, const char *pem);
const char *create_playback_restriction_policy(struct emulator *emu, const char *region,
                                               const char *name);
const char *create_ad_configuration(struct emulator *emu, const char *region,
                                    const char *name);

/* A MediaTailor configuration of the tests' account, in quotes. */
#define MEDIA_TAILOR(name)                                                               \
    "\"arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/" name "\""

/* A list with this one entry, as JSON. */
#define ONE_MEDIA_TAILOR(name) "[{\"playbackConfigurationArn\":" MEDIA_TAILOR(name) "}]"

/* An operation with only an ARN as its input. */
struct reply call_arn(struct emulator *emu, const char *region, const char *operation,
                      const char *arn);

/* Calls a list operation until there are no more pages; the test fails unless it returns
 * the names `expected`, a list that ends with NULL, one per page, in that order. */
void assert_pages_of_one(struct emulator *emu, const char *operation, const char *member,
                         const char *const *names);

#endif
