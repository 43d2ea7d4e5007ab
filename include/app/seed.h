/*
 * --seed: the body of a Seed that is run when the server starts.
 */
#ifndef APP_SEED_H
#define APP_SEED_H

#include "api/emulator.h"
#include "base/arena.h"
#include "base/attrs.h"

/*
 * Runs the file in the default account and region, unless the database was already
 * seeded. Returns -1, with nothing changed, if the file cannot be read or the seed fails:
 * *why (in the arena) is one line for the user.
 */
int seed_run(struct emulator *emu, const char *path, struct arena *arena,
             const char **why) NODISCARD;

#endif
