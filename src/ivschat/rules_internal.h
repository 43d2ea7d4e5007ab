/*
 * Rules and steps that several resources of this service share.
 */
#ifndef IVSCHAT_RULES_INTERNAL_H
#define IVSCHAT_RULES_INTERNAL_H

#include "api/call.h"
#include "data/room.h"

/* Reads a room. -1: the error is recorded. */
int ivschat_load_room(struct call *call, const char *arn, struct room *out) NODISCARD;

/* The member `attributes` of the input has at most so many bytes, of all names and values
 * together. -1: the error is recorded. Fidelity: ivschat-token-3 */
int ivschat_check_attributes(struct call *call, int max_bytes) NODISCARD;

/* The text of that member, as JSON; `absent` if there is none. */
const char *ivschat_attributes_text(const struct call *call, const char *absent);

#endif
