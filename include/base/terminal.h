/*
 * Text for people, at a terminal.
 */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include "base/arena.h"
#include "base/attrs.h"

/* The text with all control characters, and all bytes that are not UTF-8, written as
 * \xNN, so that whoever made it cannot control the terminal. */
const char *terminal_text(struct arena *arena, const char *text) NODISCARD;

#endif
