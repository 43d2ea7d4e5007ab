/*
 * A part of a file as the body of a request.
 */
#include "http/file.h"

#include "base/sigv4.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka_all.h"

/* Longer than the buffer that files are read into. */
enum { FILE_BYTES = 100 * 1000 };

struct sheet {
    struct arena *arena;
    FILE *file;
    char bytes[FILE_BYTES];
};

static int setup(void **state)
{
    struct arena *arena = arena_new();
    struct sheet *sheet = arena_alloc(arena, sizeof(*sheet));

    sheet->arena = arena;
    for (size_t i = 0; i < FILE_BYTES; i++)
        sheet->bytes[i] = (char)(i * 7 % 251);
    sheet->file = tmpfile();
    assert_non_null(sheet->file);
    assert_int_equal(fwrite(sheet->bytes, 1, FILE_BYTES, sheet->file), FILE_BYTES);
    assert_int_equal(fflush(sheet->file), 0);
    *state = sheet;
    return 0;
}

static int teardown(void **state)
{
    struct sheet *sheet = *state;

    (void)fclose(sheet->file);
    arena_free(sheet->arena);
    return 0;
}

static struct http_file part(const struct sheet *sheet, int64_t offset, int64_t length)
{
    return (struct http_file){
        .fd = fileno(sheet->file), .offset = offset, .length = length};
}

static void a_part_is_read_by_position(void **state)
{
    struct sheet *sheet = *state;
    struct http_file file = part(sheet, 1000, 50);
    const char *why = NULL;
    char out[64];

    off_t before = lseek(file.fd, 0, SEEK_CUR);
    assert_int_equal(http_file_read(&file, 0, out, 10, sheet->arena, &why), 10);
    assert_memory_equal(out, sheet->bytes + 1000, 10);
    assert_int_equal(http_file_read(&file, 45, out, sizeof(out), sheet->arena, &why), 5);
    assert_memory_equal(out, sheet->bytes + 1045, 5);
    assert_int_equal(http_file_read(&file, 50, out, sizeof(out), sheet->arena, &why), 0);
    assert_int_equal(http_file_read(&file, 0, out, 0, sheet->arena, &why), 0);
    assert_int_equal(lseek(file.fd, 0, SEEK_CUR), before);
    assert_null(why);
}

static void the_hash_of_a_part_is_that_of_its_bytes(void **state)
{
    static const struct {
        int64_t offset, length;
    } parts[] = {
        {0,    FILE_BYTES    },
        {1000, 50            },
        {1,    FILE_BYTES - 1},
        {7,    2 * 32 * 1024 },
        {500,  0             },
    };
    struct sheet *sheet = *state;
    const char *why = NULL;

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct http_file file = part(sheet, parts[i].offset, parts[i].length);
        assert_string_equal(http_file_payload_hash(&file, sheet->arena, &why),
                            sigv4_payload_hash(sheet->arena,
                                               sheet->bytes + parts[i].offset,
                                               (size_t)parts[i].length));
    }
    assert_null(why);
}

static void a_part_past_the_end_of_the_file_has_no_hash(void **state)
{
    struct sheet *sheet = *state;
    struct http_file file = part(sheet, 1000, FILE_BYTES);
    const char *why = NULL;

    assert_null(http_file_payload_hash(&file, sheet->arena, &why));
    assert_string_equal(why, "the file ends after 99000 of 100000 bytes");
}

static void a_file_that_cannot_be_read_has_no_hash(void **state)
{
    struct sheet *sheet = *state;
    struct http_file file = {.fd = open("/dev/null", O_WRONLY), .length = 1};
    const char *why = NULL;

    assert_true(file.fd >= 0);
    assert_null(http_file_payload_hash(&file, sheet->arena, &why));
    assert_int_equal(strncmp(why, "cannot read the file: ", 22), 0);
    close(file.fd);
}

#define FILE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(a_part_is_read_by_position),
        FILE_TEST(the_hash_of_a_part_is_that_of_its_bytes),
        FILE_TEST(a_part_past_the_end_of_the_file_has_no_hash),
        FILE_TEST(a_file_that_cannot_be_read_has_no_hash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
