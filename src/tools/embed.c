/*
 * Turns the migrations into C: embed <file.sql>... prints the source of
 * store_migrations[], in the order given. Run by the build.
 */
#include <stdio.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Prints the file's bytes as an array, since C limits the length of a string literal. */
static int print_text(const char *path, int number)
{
    FILE *file = fopen(path, "r");
    int c, column = 0;

    if (file == NULL) {
        perror(path);
        return -1;
    }
    printf("static const char text_%d[] = {", number);
    while ((c = getc(file)) != EOF)
        printf("%s%d,", column++ % 20 == 0 ? "\n    " : "", c);
    printf("\n    0};\n\n");
    return fclose(file);
}

int main(int argc, char **argv)
{
    printf("#include \"store/store.h\"\n\n");
    for (int i = 1; i < argc; i++) {
        if (print_text(argv[i], i) != 0)
            return 1;
    }
    printf("const struct migration store_migrations[] = {\n");
    for (int i = 1; i < argc; i++)
        printf("    {\"%s\", text_%d},\n", base_name(argv[i]), i);
    printf("};\nconst size_t store_migrations_count = %d;\n", argc - 1);
    return 0;
}
