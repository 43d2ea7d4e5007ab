/*
 * Turns the schema into C: embed <consistency.sql> <migration.sql>... prints the source
 * of store_consistency[] and of store_migrations[], in the order given. Run by the build.
 */
#include <stdio.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Prints the file's bytes as an array, since C limits the length of a string literal. */
static int print_text(const char *path, const char *declaration)
{
    FILE *file = fopen(path, "r");
    int c, column = 0;

    if (file == NULL) {
        perror(path);
        return -1;
    }
    printf("%s[] = {", declaration);
    while ((c = getc(file)) != EOF)
        printf("%s%d,", column++ % 20 == 0 ? "\n    " : "", c);
    printf("\n    0};\n\n");
    return fclose(file);
}

static int print_migration(const char *path, int number)
{
    char declaration[64];

    snprintf(declaration, sizeof(declaration), "static const char text_%d", number);
    return print_text(path, declaration);
}

int main(int argc, char **argv)
{
    printf("#include \"store/store.h\"\n\n");
    if (argc < 2 || print_text(argv[1], "const char store_consistency") != 0)
        return 1;
    for (int i = 2; i < argc; i++) {
        if (print_migration(argv[i], i) != 0)
            return 1;
    }
    printf("const struct migration store_migrations[] = {\n");
    for (int i = 2; i < argc; i++)
        printf("    {\"%s\", text_%d},\n", base_name(argv[i]), i);
    printf("};\nconst size_t store_migrations_count = %d;\n", argc - 2);
    return 0;
}
