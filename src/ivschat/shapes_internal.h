/*
 * Shapes that several resources of this service use. A shape of a single resource is next
 * to its handlers.
 */
#ifndef IVSCHAT_SHAPES_INTERNAL_H
#define IVSCHAT_SHAPES_INTERNAL_H

#include "common/shapes.h"

extern const struct shape ivschat_room_arn;
extern const struct shape ivschat_logging_configuration_arn;
extern const struct shape ivschat_resource_arn; /* of any kind */

/* The id of a room, a logging configuration, a message, an event or an operation. */
extern const struct shape ivschat_id;

/* A user, as the application names it. */
extern const struct shape ivschat_user_id;

extern const struct shape ivschat_tags;
extern const struct shape ivschat_tag_key;

/* The token of a page, which has no pattern in this service. */
extern const struct shape ivschat_next_token;

#endif
