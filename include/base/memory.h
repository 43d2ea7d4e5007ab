/*
 * Replacements for malloc() and its relatives that never return NULL: they abort when
 * memory is exhausted, so that no caller has to check.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/attrs.h"

void *mem_alloc(size_t size) NODISCARD;
void *mem_zalloc(size_t size) NODISCARD;
void *mem_realloc(void *old, size_t size) NODISCARD;

#endif
