/*
 * The manual pages, in the macros of man(7).
 */
#ifndef MAN_INTERNAL_H
#define MAN_INTERNAL_H

/* ivs-local(1): the program, from its commands and options. */
void man_print_program(void);

/* ivs-local(7): the control API, from its operations and their shapes. */
void man_print_control(void);

#endif
