#include "history_internal.h"

#include "base/memory.h"
#include "room_internal.h"

#include <stdlib.h>

/* The memory of an entry. */
static size_t cost_of(const struct history_entry *entry)
{
    return sizeof(*entry) + sizeof(struct blob) + entry->frame->length;
}

/* The memory of the room, which may exist only because of its entries. */
static void count_room(struct chat *chat, struct chat_room *room, bool has_entries)
{
    chat->history_bytes -= room->history_cost;
    room->history_cost = has_entries ? chat_room_cost(room) : 0;
    chat->history_bytes += room->history_cost;
}

/* Drops the oldest entry of a room, which is the oldest of all that are older than the
 * rest of the room's. */
static void drop_oldest(struct chat *chat, struct chat_room *room)
{
    struct history_entry *entry = room->oldest;

    room->oldest = entry->next_in_room;
    if (room->oldest == NULL)
        room->newest = &room->oldest;
    room->history_count--;
    if (room->oldest == NULL)
        count_room(chat, room, false);
    *(entry->previous != NULL ? &entry->previous->next : &chat->oldest) = entry->next;
    *(entry->next != NULL ? &entry->next->previous : &chat->newest) = entry->previous;
    chat->history_bytes -= cost_of(entry);
    blob_unref(entry->frame);
    free(entry);
    chat_room_unref(chat, room);
}

void history_add(struct chat *chat, struct chat_room *room, int64_t number,
                 struct blob *frame, size_t text_length)
{
    struct history_entry *entry = mem_alloc(sizeof(*entry));

    *entry = (struct history_entry){
        .previous = chat->newest,
        .room = chat_room_ref(room),
        .number = number,
        .text_length = text_length,
        .frame = blob_ref(frame),
    };
    *room->newest = entry;
    room->newest = &entry->next_in_room;
    room->history_count++;
    *(chat->newest != NULL ? &chat->newest->next : &chat->oldest) = entry;
    chat->newest = entry;
    chat->history_bytes += cost_of(entry);
    count_room(chat, room, true);
    if (room->history_count > CHAT_HISTORY_FRAMES)
        drop_oldest(chat, room);
    while (chat->history_bytes > CHAT_HISTORY_MAX_BYTES)
        drop_oldest(chat, chat->oldest->room);
}

void history_clear(struct chat *chat, struct chat_room *room)
{
    size_t count = room->history_count;

    for (size_t i = 0; i < count; i++) /* the last one may free the room */
        drop_oldest(chat, room);
}

size_t chat_list_frames(struct chat *chat, const char *room_arn, int64_t after,
                        size_t limit, struct arena *arena, struct chat_frame **out)
{
    struct chat_frame *frames = arena_alloc(arena, (limit + 1) * sizeof(*frames));
    size_t count = 0;

    pthread_mutex_lock(&chat->lock);
    const struct chat_room *room = chat_room_find(chat, room_arn);
    const struct history_entry *entry = room != NULL ? room->oldest : NULL;
    for (; entry != NULL && count < limit; entry = entry->next_in_room) {
        const char *text =
            entry->frame->bytes + entry->frame->length - entry->text_length;
        if (entry->number > after)
            frames[count++] = (struct chat_frame){
                entry->number, arena_strndup(arena, text, entry->text_length)};
    }
    pthread_mutex_unlock(&chat->lock);
    *out = frames;
    return count;
}
