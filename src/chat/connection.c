#include "connection_internal.h"

#include "base/memory.h"
#include "room_internal.h"

#include <stdlib.h>
#include <string.h>

struct chat_connection *connection_new(struct chat *chat, const struct chat_token *token,
                                       const char *address, int64_t now_ms)
{
    struct chat_connection *connection = mem_zalloc(sizeof(*connection));
    struct arena *arena AUTO(arena_done) = arena_new();

    connection->chat = chat;
    connection->references = 1;
    connection->number = ++chat->last_number;
    connection->id = chat_copy_text(chat_make_id(chat, arena));
    connection->user_id = chat_copy_text(token->user_id);
    connection->attributes = chat_copy_text(token->attributes);
    connection->address = chat_copy_text(address);
    connection->capabilities = token->capabilities;
    connection->connected_ms = now_ms;
    connection->session_expires_ms = token->session_expires_ms;
    connection->last_early = &connection->early;
    connection->last_reviewed = &connection->first_reviewed;
    return connection;
}

struct chat_connection *connection_ref(struct chat_connection *connection)
{
    connection->references++;
    return connection;
}

void connection_drop_early(struct chat_connection *connection)
{
    struct early_frame *next;

    for (struct early_frame *early = connection->early; early != NULL; early = next) {
        next = early->next;
        blob_unref(early->frame);
        free(early);
    }
    connection->early = NULL;
    connection->last_early = &connection->early;
}

void connection_unref(struct chat_connection *connection)
{
    if (connection == NULL || --connection->references > 0)
        return;
    connection_drop_early(connection);
    free(connection->id);
    free(connection->user_id);
    free(connection->attributes);
    free(connection->address);
    free(connection);
}

static bool user_is_in(const struct chat_room *room, const char *user_id)
{
    for (const struct chat_connection *c = room->first; c != NULL; c = c->next) {
        if (strcmp(c->user_id, user_id) == 0)
            return true;
    }
    return false;
}

/* The number of the last frame that is not for a connection that enters the room. A user
 * who is there already may be about to replace a connection, whose last frames may never
 * be read: the new one gets what was not sent yet, too. Clients remove duplicates.
 * Fidelity: ivschat-messaging-12 */
static int64_t number_before(const struct chat_connection *connection,
                             const struct chat_room *room)
{
    const struct chat *chat = connection->chat;

    if (chat->first_item != NULL && user_is_in(room, connection->user_id))
        return chat->drained;
    return chat->last_number;
}

void connection_enter(struct chat_connection *connection, struct chat_room *room)
{
    connection->room = room;
    connection->since = number_before(connection, room);
    connection->previous = room->last;
    *(room->last != NULL ? &room->last->next : &room->first) = connection;
    room->last = connection;
    connection->chat->counts.connections++;
}

void connection_leave(struct chat_connection *connection)
{
    struct chat_room *room = connection->room;

    if (room == NULL)
        return;
    *(connection->previous != NULL ? &connection->previous->next : &room->first) =
        connection->next;
    *(connection->next != NULL ? &connection->next->previous : &room->last) =
        connection->previous;
    connection->room = NULL;
    connection->chat->counts.connections--;
    chat_room_unref(connection->chat, room);
}

size_t chat_list_connections(struct chat *chat, const char *room_arn, int64_t after,
                             size_t limit, struct arena *arena,
                             struct chat_connection_view **out)
{
    struct chat_connection_view *views = arena_alloc(arena, (limit + 1) * sizeof(*views));
    size_t count = 0;

    pthread_mutex_lock(&chat->lock);
    const struct chat_room *room = chat_room_find(chat, room_arn);
    const struct chat_connection *c = room != NULL ? room->first : NULL;
    for (; c != NULL && count < limit; c = c->next) {
        if (c->number > after && !c->ends)
            views[count++] = (struct chat_connection_view){
                .number = c->number,
                .id = arena_strdup(arena, c->id),
                .user_id = arena_strdup(arena, c->user_id),
                .attributes = arena_strdup(arena, c->attributes),
                .capabilities = c->capabilities,
                .address = arena_strdup(arena, c->address),
                .connected_ms = c->connected_ms,
                .session_expires_ms = c->session_expires_ms,
            };
    }
    pthread_mutex_unlock(&chat->lock);
    *out = views;
    return count;
}
