/*
 * Turns the schema into C: embed <consistency.sql> <migration.sql>... prints the source
 * of store_consistency[], store_latest_schema[] and store_migrations[], in the order
 * given. Run by the build.
 */
#include "store/schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MIGRATIONS = 100, MAX_BYTES = 256 * 1024 };

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* The content of a file, which lives as long as the program. Reports a failure and
 * returns NULL. */
static const char *read_text(const char *path)
{
    static char texts[MAX_MIGRATIONS + 1][MAX_BYTES];
    static size_t count;
    FILE *file = fopen(path, "r");

    if (file == NULL || fread(texts[count], 1, MAX_BYTES - 1, file) == 0) {
        perror(path);
        return NULL;
    }
    fclose(file);
    return texts[count++];
}

/* Prints a text as an array, since C limits the length of a string literal. */
static void print_text(const char *declaration, const char *text)
{
    int column = 0;

    printf("%s[] = {", declaration);
    for (; *text != '\0'; text++)
        printf("%s%d,", column++ % 20 == 0 ? "\n    " : "", (unsigned char)*text);
    printf("\n    0};\n\n");
}

static void print_digests(const uint64_t *digests, size_t count)
{
    printf("static const uint64_t digests[] = {\n");
    for (size_t i = 0; i < count; i++)
        printf("    UINT64_C(0x%016" PRIx64 "),\n", digests[i]);
    printf("};\n\n");
}

static void print_migrations(char *const *paths, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char declaration[64];
        snprintf(declaration, sizeof(declaration), "static const char text_%zu", i);
        print_text(declaration, texts[i]);
    }
    printf("const struct migration store_migrations[] = {\n");
    for (size_t i = 0; i < count; i++)
        printf("    {\"%s\", text_%zu},\n", base_name(paths[i]), i);
    printf("};\nconst size_t store_migrations_count = %zu;\n\n", count);
}

int main(int argc, char **argv)
{
    static const char *texts[MAX_MIGRATIONS];
    static uint64_t digests[MAX_MIGRATIONS];
    size_t count = argc > 2 ? (size_t)argc - 2 : 0;
    char *latest = NULL;

    if (count == 0 || count > MAX_MIGRATIONS)
        return EXIT_FAILURE;
    const char *consistency = read_text(argv[1]);
    if (consistency == NULL)
        return EXIT_FAILURE;
    for (size_t i = 0; i < count; i++) {
        texts[i] = read_text(argv[i + 2]);
        if (texts[i] == NULL)
            return EXIT_FAILURE;
    }
    int code = schema_build(texts, count, digests, &latest);
    if (code != 0) {
        fprintf(stderr, "the migrations fail: SQLite's error %d\n", code);
        return EXIT_FAILURE;
    }
    printf("#include \"store/store.h\"\n\n");
    print_migrations(argv + 2, texts, count);
    print_digests(digests, count);
    print_text("static const char latest", latest);
    free(latest);
    print_text("static const char consistency", consistency);
    printf("const struct schema store_schema = {digests, latest, consistency};\n");
    return EXIT_SUCCESS;
}
