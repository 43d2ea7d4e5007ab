/*
 * The compiler extensions this project uses, one macro each. Nothing outside this header
 * uses __attribute__.
 */
#ifndef BASE_ATTRS_H
#define BASE_ATTRS_H

/* The caller must use the result. */
#define NODISCARD __attribute__((warn_unused_result))

/* Arguments are checked like printf's: `format` and `first` count from 1. */
#define PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

/* The arguments end with NULL. */
#define SENTINEL __attribute__((sentinel))

/* Runs fn(&variable) when the variable leaves its scope. */
#define AUTO(fn) __attribute__((cleanup(fn)))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
