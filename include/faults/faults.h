/*
 * Faults that tests inject: calls of an operation, or calls that name a resource, fail,
 * are delayed, or lose their connection; deliveries of events are dropped, duplicated,
 * delayed or reordered, and so are the frames of chat connections. Faults belong to the
 * running server: they do not survive a restart, and a snapshot does not contain them.
 */
#ifndef FAULTS_FAULTS_H
#define FAULTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/ids.h"
#include "base/scope.h"

enum {
    FAULTS_MAX_IN_SCOPE = 100,
    FAULTS_MAX = 10000, /* of all scopes */
};

/* What happens to the connection. */
enum fault_connection {
    FAULT_RESPONDS, /* nothing: a response is sent */
    FAULT_CLOSE,    /* closed without a response; the operation does not run */
    FAULT_TRUNCATE, /* the operation runs, and half of the response body is sent */
    FAULT_GATEWAY,  /* a gateway sends 503 in HTML; the operation does not run */
};

/* What happens to the delivery of an event to a target. Fidelity: common-delivery-7 */
enum fault_delivery {
    FAULT_DELIVERS,  /* nothing: the fault is not one of deliveries */
    FAULT_DROP,      /* it is not sent */
    FAULT_DUPLICATE, /* it is sent twice */
    FAULT_DELAY,     /* it is sent after the latency, and later events before it */
    FAULT_REORDER,   /* it is sent after the next event */
};

/* What happens to a frame that a chat connection is sent. Fidelity: ivschat-faults-1 */
enum fault_frame_effect {
    FAULT_FRAME_SENT, /* nothing: the fault is not one of frames */
    FAULT_FRAME_DROP,
    FAULT_FRAME_DUPLICATE, /* it is sent twice */
    FAULT_FRAME_DELAY,     /* it is sent after the latency, and later frames before it */
    FAULT_FRAME_CLOSE,     /* the connection ends without a close frame instead */
};

/* A fault. The strings belong to the code that creates it or requests a copy. */
struct fault {
    const char *id;
    struct scope scope;       /* set by faults_put() */
    const char *operation;    /* as in base/operation_name.h; NULL: it is not of calls */
    const char *resource_arn; /* only calls that name it, events about it; NULL: any */
    const char *error;        /* the name of the error to return; NULL: none */
    int error_status;         /* the HTTP status of that error; 0: none */
    const char *error_text;   /* the default message of that error; NULL: it has none */
    const char *message;      /* of the error; NULL: the default */
    enum fault_connection connection;
    enum fault_delivery delivery;
    enum fault_frame_effect frame;
    const char *frame_type;  /* only frames of this type; NULL: any */
    const char *user_id;     /* only frames for this user; NULL: any */
    const char *detail_type; /* only events of this type; NULL: any */
    const char *event_name;  /* only events with this name; NULL: any */
    int64_t latency_ms;
    int64_t times;      /* how often it still applies; negative: unlimited */
    double probability; /* that it applies to a call or delivery, 0 to 1 */
    int64_t struck;     /* how often it was applied */
};

struct faults;

/* `chance` decides on probabilities and must outlive the faults. */
struct faults *faults_new(struct ids *chance) NODISCARD;
void faults_free(struct faults *faults);

/* Adds a copy of the fault after the existing ones. Returns -1 if there are too many. */
int faults_put(struct faults *faults, struct scope scope,
               const struct fault *fault) NODISCARD;

/* Deletes the scope's fault with that id, or all of them for NULL. Returns -1 if none has
 * that id. */
int faults_delete(struct faults *faults, struct scope scope, const char *id) NODISCARD;

/* Deletes the faults of all scopes. */
void faults_delete_all(struct faults *faults);

/* Copies the faults of the scope, or of all scopes for NULL, to the arena, in the order
 * they were added. Returns the number of faults. */
size_t faults_list(struct faults *faults, const struct scope *scope, struct arena *arena,
                   struct fault **out) NODISCARD;

/* A call that a fault may apply to. */
struct fault_target {
    struct scope scope;
    const char *service;
    const char *operation;
    /* Whether the call names the resource. */
    bool (*names)(const void *call, const char *arn);
    const void *call;
};

/*
 * Returns whether a fault applies: the first one that matches the call, has times left
 * and passes its probability. *out is then its copy in the arena. The cost is negligible
 * while there are no faults.
 */
bool faults_apply(struct faults *faults, const struct fault_target *target,
                  struct arena *arena, struct fault *out) NODISCARD;

/* A delivery that a fault may apply to. */
struct fault_event {
    struct scope scope; /* of the event */
    const char *detail_type;
    const char *event_name;
    const char *resource_arn;
    bool is_swapped; /* another event waits for it, so FAULT_REORDER does not apply */
};

/* The same for a delivery. */
bool faults_apply_to_delivery(struct faults *faults, const struct fault_event *event,
                              struct arena *arena, struct fault *out) NODISCARD;

/* A frame that a fault may apply to. */
struct fault_frame {
    struct scope scope; /* of the room */
    const char *room_arn;
    const char *type;    /* MESSAGE, EVENT or ERROR */
    const char *user_id; /* of the recipient */
};

/* The same for a frame. */
bool faults_apply_to_frame(struct faults *faults, const struct fault_frame *frame,
                           struct arena *arena, struct fault *out) NODISCARD;

/* Whether there are any faults. Costs next to nothing. */
bool faults_exist(const struct faults *faults);

#endif
