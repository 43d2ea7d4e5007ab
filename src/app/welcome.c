#include "app/welcome.h"

#include "app/app.h"
#include "client/client.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static void print_data(FILE *to, const char *db, struct arena *arena)
{
    char folder[PATH_MAX];

    if (strcmp(db, ":memory:") == 0)
        db = "in memory, until the server ends";
    else if (db[0] != '/' && getcwd(folder, sizeof(folder)) != NULL)
        db = arena_printf(arena, "%s/%s", folder, db);
    fprintf(to, "  data     %s\n", db);
}

void welcome_print(FILE *to, const struct config *config, const char *url,
                   struct arena *arena)
{
    fprintf(to, "\n");
    print_data(to, config->db, arena);
    for (const struct service *const *s = app_services; *s != NULL; s++) {
        if ((*s)->emulated)
            fprintf(to, "  exports  export %s=%s\n",
                    client_endpoint_variable(arena, (*s)->name), url);
    }
    if (config->auth == AUTH_OFF)
        fprintf(to,
                "           export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=any "
                "AWS_DEFAULT_REGION=%s\n",
                config->account, config->region);
    fprintf(to, "  look at  ivs-local --help, %s/_ivs-local/health\n\n", url);
}
