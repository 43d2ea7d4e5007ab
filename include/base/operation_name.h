/*
 * How people name operations: `ivs:CreateChannel`, or `CreateChannel` where no service is
 * needed to tell which one is meant.
 */
#ifndef BASE_OPERATION_NAME_H
#define BASE_OPERATION_NAME_H

#include <stdbool.h>

/*
 * Whether a text means the operation of the service: `<service>:<operation>`, the
 * operation alone, `<service>:*` for all of a service, or `*` for all there are.
 */
bool operation_name_matches(const char *text, const char *service, const char *operation);

#endif
