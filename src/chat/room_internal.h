/*
 * The rooms in memory. The lock of the engine is held.
 */
#ifndef CHAT_ROOM_INTERNAL_H
#define CHAT_ROOM_INTERNAL_H

#include "chat_internal.h"

/* The room, without a reference; NULL: it is not in memory. */
struct chat_room *chat_room_find(struct chat *chat, const char *arn);

/* The room with a reference and a copy of these settings. */
struct chat_room *chat_room_get(struct chat *chat, const char *arn, struct scope scope,
                                const struct chat_settings *settings) NODISCARD;

struct chat_room *chat_room_ref(struct chat_room *room) NODISCARD;

/* Frees the room with its last reference. NULL is fine. */
void chat_room_unref(struct chat *chat, struct chat_room *room);

/* The memory of the room and its settings, in bytes. */
size_t chat_room_cost(const struct chat_room *room);

/* Takes the room from the table: it is deleted. There may be another one with its ARN
 * later, after a snapshot was restored. */
void chat_room_remove(struct chat *chat, struct chat_room *room);

/* Replaces the settings by a copy of others. */
void chat_room_set(struct chat_room *room, const struct chat_settings *settings);

/* Calls `each` for every room; it may remove the room. */
void chat_room_each(struct chat *chat,
                    void (*each)(struct chat *chat, struct chat_room *room,
                                 void *context),
                    void *context);

/* Reads the settings of a stored room: its own, and where it logs. DB_DONE or DB_ERROR.
 * Strings belong to the transaction's arena. */
enum db_result chat_settings_read(struct txn *txn, struct scope scope,
                                  const struct room *room,
                                  struct chat_settings *out) NODISCARD;

/* Replaces a destination of a room by where the configuration writes now. */
void chat_destination_set(struct chat_destination *destination,
                          const struct logging_configuration *configuration);

#endif
