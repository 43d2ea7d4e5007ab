/*
 * The frames of the messaging API that a server sends, as JSON.
 * Fidelity: ivschat-messaging-2
 */
#ifndef CHAT_FRAME_INTERNAL_H
#define CHAT_FRAME_INTERNAL_H

#include "base/arena.h"
#include "base/attrs.h"
#include "chat/chat.h"

/* The types of frames, and their names, which faults select them by. */
#define FRAME_MESSAGE "MESSAGE"
#define FRAME_EVENT "EVENT"
#define FRAME_ERROR "ERROR"

/* Texts are never NULL, except where it says so. */
struct message_frame {
    const char *id;
    const char *request_id; /* "": the request had none */
    const char *content;
    const char *attributes;      /* JSON; NULL: none */
    const char *user_id;         /* of the sender */
    const char *user_attributes; /* JSON */
    const char *send_time;
};

struct event_frame {
    const char *id;
    const char *request_id;
    const char *name;
    const char *attributes; /* JSON; NULL: none */
    const char *send_time;
};

struct error_frame {
    const char *id;
    const char *request_id;
    int code;
    const char *message;
};

/* The texts are in the arena. */
const char *frame_of_message(struct arena *arena,
                             const struct message_frame *frame) NODISCARD;
const char *frame_of_event(struct arena *arena,
                           const struct event_frame *frame) NODISCARD;
const char *frame_of_error(struct arena *arena,
                           const struct error_frame *frame) NODISCARD;

/* The text of an error that a fault causes. */
const char *chat_fault_text(const struct fault *fault) NODISCARD;

/* A time as in the frames: in UTC with up to nine decimals, without zeros at the end.
 * The time is in nanoseconds since the epoch. */
const char *frame_time(struct arena *arena, int64_t time_ns) NODISCARD;

#endif
