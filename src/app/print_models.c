#include "app/print_models.h"

#include "base/json.h"
#include "control/models.h"
#include "control/service.h"

/* Of a server that is started without options. */
#define DEFAULT_URL "http://127.0.0.1:4580"

/* Prints with line breaks, since people read it and keep it in version control. */
static void print_lines(FILE *to, const cJSON *json)
{
    char *text = cJSON_Print(json);

    fprintf(to, "%s\n", text);
    cJSON_free(text);
}

void print_botocore_model(FILE *to, struct arena *arena)
{
    cJSON *model AUTO(json_done) = cJSON_CreateObject();

    botocore_model_write(&control_service, arena, model);
    print_lines(to, model);
}

void print_openapi(FILE *to, struct arena *arena)
{
    cJSON *document AUTO(json_done) = cJSON_CreateObject();

    openapi_write(&control_service, DEFAULT_URL, arena, document);
    print_lines(to, document);
}
