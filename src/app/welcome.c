#include "app/welcome.h"

#include "app/app.h"

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

/* Prints the variable that gives SDKs and the AWS CLI the endpoint of a service. */
static void print_export(FILE *to, const char *service, const char *url)
{
    fprintf(to, "  exports  export AWS_ENDPOINT_URL_");
    for (; *service != '\0'; service++) {
        char c = *service;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        fputc(c == '-' ? '_' : c, to);
    }
    fprintf(to, "=%s\n", url);
}

void welcome_print(FILE *to, const struct config *config, const char *url,
                   struct arena *arena)
{
    fprintf(to, "\n");
    print_data(to, config->db, arena);
    for (const struct service *const *s = app_services; *s != NULL; s++) {
        if ((*s)->emulated)
            print_export(to, (*s)->name, url);
    }
    if (config->auth == AUTH_OFF)
        fprintf(to,
                "           export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=any "
                "AWS_DEFAULT_REGION=%s\n",
                config->account, config->region);
    fprintf(to, "  look at  ivs-local --help, %s/_ivs-local/health\n\n", url);
}
