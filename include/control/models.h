/*
 * The control API as models for clients and tools, made of its tables of operations, its
 * shapes and its documentation.
 */
#ifndef CONTROL_MODELS_H
#define CONTROL_MODELS_H

#include <cjson/cJSON.h>

#include "api/service.h"
#include "base/arena.h"

/*
 * The version of the API in the models. It changes if a client that was made of an older
 * model would fail with the present server; new operations and members do not change it.
 * Clients of botocore have it in the path of their model.
 */
#define CONTROL_API_VERSION "2026-01-01"

/*
 * Adds the members of the service model of botocore to the object: the file
 * service-2.json of a service of boto3 and of the AWS CLI. The arena is for scratch
 * memory.
 */
void botocore_model_write(const struct service *service, struct arena *arena, cJSON *out);

/* Adds the members of an OpenAPI 3.1 document about a server with that URL to the object.
 * Likewise. */
void openapi_write(const struct service *service, const char *url, struct arena *arena,
                   cJSON *out);

#endif
