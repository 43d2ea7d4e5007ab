/*
 * The last frames of each room. The lock of the engine is held.
 */
#ifndef CHAT_HISTORY_INTERNAL_H
#define CHAT_HISTORY_INTERNAL_H

#include "chat_internal.h"

/* Remembers a frame, which ends with `text_length` bytes of text. The oldest ones give
 * way, of the room and of all rooms. */
void history_add(struct chat *chat, struct chat_room *room, int64_t number,
                 struct blob *frame, size_t text_length);

/* Drops the frames of the room. The room may be freed with the last one. */
void history_clear(struct chat *chat, struct chat_room *room);

#endif
