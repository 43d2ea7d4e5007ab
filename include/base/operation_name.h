/*
 * How users name operations: `ivs:CreateChannel`, or `CreateChannel` where the service is
 * not needed to tell operations apart.
 */
#ifndef BASE_OPERATION_NAME_H
#define BASE_OPERATION_NAME_H

#include <stdbool.h>

/*
 * Whether a text names the operation of the service: `<service>:<operation>`, the
 * operation alone, `<service>:*` for all operations of a service, or `*` for all
 * operations.
 */
bool operation_name_matches(const char *text, const char *service, const char *operation);

#endif
