/*
 * What the fuzz targets share. A target is one function over the bytes of an input; it
 * stops with BUG() where the code under test breaks a promise. libFuzzer calls it with
 * generated inputs, replay.c with those that are kept here.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "api/call.h"
#include "api/emulator.h"
#include "base/attrs.h"
#include "seen.h"

/* The name is defined by libFuzzer. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy that ends with a zero byte, in its own block, so that a sanitizer detects reads
 * past its end. */
char *fuzz_text(const uint8_t *data, size_t size) NODISCARD;

/* Frees such a copy. For AUTO(). */
void fuzz_text_done(char **text);

/*
 * The emulator of this process: in memory, quotas off, with FUZZ_CHANNELS channels, one
 * of them tagged, a recording configuration, and a chat room with a token for it. It is
 * the same at the start of every input, identifiers included, so that one input alone
 * repeats what it found; only the text of the token differs in each process.
 */
enum { FUZZ_CHANNELS = 3 };
struct emulator *fuzz_emulator(void);

/* What the responses contained when the state was prepared. */
const struct seen *fuzz_seen(void);

/* Reports calls that fuzz_dispatch() did not see and that may have written. */
void fuzz_emulator_written(void);

/* Reports the end of an input, and restores the emulator if something was written. */
void fuzz_emulator_rest(void);

/* Dispatches the call and checks what is true of every response. */
void fuzz_dispatch(struct call *call);

#endif
