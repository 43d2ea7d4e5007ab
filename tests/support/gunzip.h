/*
 * Decompression in the format gzip, to read what the program compressed.
 */
#ifndef TESTS_SUPPORT_GUNZIP_H
#define TESTS_SUPPORT_GUNZIP_H

#include <stddef.h>

#include "base/arena.h"

/* The text that was compressed; the test fails if that was not one gzip member and
 * nothing else, or if the text has more than 4 MiB. */
const char *gunzip_text(struct arena *arena, const char *bytes, size_t length);

#endif
