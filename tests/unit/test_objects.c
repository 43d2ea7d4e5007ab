/*
 * The objects that IVS writes to S3: as files of a folder, and to an endpoint.
 */
#include "objects/objects.h"

#include "base/sigv4.h"
#include "base/text.h"
#include "support/folder.h"
#include "support/sink.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cmocka_all.h"

struct fixture {
    struct arena *arena;
    char *parent; /* of the folder, which does not exist yet */
    const char *folder;
    struct aws_endpoints endpoints;
    struct aws_client *client;
    struct objects *objects;
    struct sink *sink; /* NULL: there is none */
};

static int setup(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = arena_alloc(arena, sizeof(*fixture));

    fixture->arena = arena;
    fixture->parent = arena_strdup(arena, "/tmp/ivs-local-objects-XXXXXX");
    assert_non_null(mkdtemp(fixture->parent));
    fixture->folder = arena_printf(arena, "%s/objects", fixture->parent);
    fixture->client = aws_client_new();
    fixture->objects = objects_new(fixture->folder, &fixture->endpoints);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    objects_free(fixture->objects);
    aws_client_free(fixture->client);
    if (fixture->sink != NULL)
        sink_free(fixture->sink);
    folder_remove(fixture->arena, fixture->parent);
    arena_free(fixture->arena);
    return 0;
}

static struct object object_of(const char *bucket, const char *key, const char *text)
{
    return (struct object){
        .scope = {.account = "123456789012", .region = "us-west-2"},
        .bucket = bucket,
        .key = key,
        .content_type = "text/plain",
        .bytes = text,
        .length = strlen(text),
    };
}

static int put(struct fixture *fixture, const struct object *object, const char **why)
{
    return objects_put(fixture->objects, fixture->client, object, fixture->arena, why);
}

/* The content of a file below the folder. */
static const char *content_of(struct fixture *fixture, const char *path)
{
    char bytes[1024];
    FILE *file =
        fopen(arena_printf(fixture->arena, "%s/%s", fixture->folder, path), "rb");

    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    return arena_strndup(fixture->arena, bytes, length);
}

static size_t count_files(struct fixture *fixture, const char *path)
{
    DIR *folder = opendir(arena_printf(fixture->arena, "%s/%s", fixture->folder, path));
    const struct dirent *entry;
    size_t count = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (folder != NULL)
        closedir(folder);
    return count;
}

static mode_t mode_of(struct fixture *fixture, const char *path)
{
    struct stat status;

    assert_int_equal(
        stat(arena_printf(fixture->arena, "%s%s", fixture->folder, path), &status), 0);
    return status.st_mode & 0777;
}

static void an_object_is_a_file_of_its_bucket(void **state)
{
    struct fixture *fixture = *state;
    const struct object object = object_of("my.bucket", "AWSLogs/a b/c.txt", "hello");
    const char *why = NULL;

    assert_int_equal(put(fixture, &object, &why), 0);

    assert_string_equal(content_of(fixture, "my.bucket/AWSLogs/a b/c.txt"), "hello");
    assert_int_equal(count_files(fixture, "my.bucket/AWSLogs/a b"), 1);
}

static void files_and_folders_are_for_their_user_only(void **state)
{
    struct fixture *fixture = *state;
    const struct object object = object_of("bucket", "a/b", "hello");
    const char *why = NULL;
    mode_t before = umask(0);

    assert_int_equal(put(fixture, &object, &why), 0);

    umask(before);
    assert_int_equal(mode_of(fixture, ""), 0700);
    assert_int_equal(mode_of(fixture, "/bucket"), 0700);
    assert_int_equal(mode_of(fixture, "/bucket/a"), 0700);
    assert_int_equal(mode_of(fixture, "/bucket/a/b"), 0600);
}

static void an_object_replaces_the_one_with_its_key(void **state)
{
    struct fixture *fixture = *state;
    const struct object first = object_of("bucket", "key", "a long content"),
                        second = object_of("bucket", "key", "short"),
                        empty = object_of("bucket", "empty", "");
    const char *why = NULL;

    assert_int_equal(put(fixture, &first, &why), 0);
    assert_int_equal(put(fixture, &second, &why), 0);
    assert_int_equal(put(fixture, &empty, &why), 0);

    assert_string_equal(content_of(fixture, "bucket/key"), "short");
    assert_string_equal(content_of(fixture, "bucket/empty"), "");
}

static void a_name_that_leads_elsewhere_is_refused(void **state)
{
    static const char *const names[][2] = {
        {"..",     "key"              },
        {".",      "key"              },
        {"",       "key"              },
        {"a/b",    "key"              },
        {"bucket", ""                 },
        {"bucket", "/key"             },
        {"bucket", "key/"             },
        {"bucket", "a//b"             },
        {"bucket", "../b"             },
        {"bucket", "a/../../../../b"  },
        {"bucket", "a/./b"            },
        {"bucket", "a/.."             },
        {"bucket", ".unfinished-1"    },
        {"bucket", "a/.unfinished-1/b"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct object object = object_of(names[i][0], names[i][1], "x");
        const char *why = NULL;

        assert_int_equal(put(fixture, &object, &why), -1);

        assert_string_equal(why, "its bucket or key cannot be the name of a file");
    }
    assert_int_equal(access(fixture->folder, F_OK), -1);
}

static void a_name_that_is_too_long_for_a_file_is_refused(void **state)
{
    struct fixture *fixture = *state;
    char key[257] = "";
    const char *why = NULL;
    memset(key, 'k', 256);
    const struct object object = object_of("bucket", key, "x"),
                        fits = object_of("bucket", key + 1, "x");

    assert_int_equal(put(fixture, &object, &why), -1);
    assert_int_equal(put(fixture, &fits, &why), 0);
}

static void a_key_below_another_object_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct object above = object_of("bucket", "a", "x"),
                        below = object_of("bucket", "a/b", "x");
    const char *why = NULL;

    assert_int_equal(put(fixture, &above, &why), 0);
    assert_int_equal(put(fixture, &below, &why), -1);

    assert_true(text_ends_with(why, "Not a directory"));
    assert_string_equal(content_of(fixture, "bucket/a"), "x");
}

static void a_full_disk_leaves_the_old_object_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    const struct object old = object_of("bucket", "key", "old"),
                        new = object_of("bucket", "key", "new and longer");
    const struct rlimit before = {RLIM_INFINITY, RLIM_INFINITY},
                        small = {8, RLIM_INFINITY};
    const char *why = NULL;
    assert_int_equal(put(fixture, &old, &why), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);

    assert_int_equal(put(fixture, &new, &why), -1);

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_string_equal(why, "cannot write the file: File too large");
    assert_string_equal(content_of(fixture, "bucket/key"), "old");
    assert_int_equal(count_files(fixture, "bucket"), 1);
}

static void without_a_folder_and_an_endpoint_nothing_is_written(void **state)
{
    struct fixture *fixture = *state;
    struct objects *off = objects_new(NULL, &fixture->endpoints);
    const struct object object = object_of("bucket", "key", "x");
    const char *why = NULL;

    assert_false(objects_are_written(off));
    assert_int_equal(objects_put(off, fixture->client, &object, fixture->arena, &why),
                     -1);

    assert_string_equal(why, "there is neither a folder nor an endpoint for objects");
    objects_free(off);
    assert_true(objects_are_written(fixture->objects));
}

static void a_cancelled_client_writes_no_file(void **state)
{
    struct fixture *fixture = *state;
    const struct object object = object_of("bucket", "key", "x");
    const char *why = NULL;
    aws_client_cancel(fixture->client);

    assert_int_equal(put(fixture, &object, &why), -1);

    assert_string_equal(why, "cancelled");
    assert_int_equal(access(fixture->folder, F_OK), -1);
}

/* From now on, objects go to a sink. */
static void use_endpoint(struct fixture *fixture)
{
    fixture->sink = sink_new();
    fixture->endpoints.s3 = arena_printf(fixture->arena, "http://127.0.0.1:%d/base",
                                         sink_port(fixture->sink));
}

static void an_endpoint_takes_the_place_of_the_folder(void **state)
{
    struct fixture *fixture = *state;
    struct object object = object_of("my.bucket", "a/b c+d", "hello");
    const char *why = NULL;
    object.content_encoding = "gzip";
    use_endpoint(fixture);

    assert_int_equal(put(fixture, &object, &why), 0);

    assert_string_equal(sink_request(fixture->sink, 0).line,
                        "PUT /base/my.bucket/a/b%20c%2Bd HTTP/1.1");
    assert_string_equal(sink_request(fixture->sink, 0).body, "hello");
    assert_string_equal(sink_header(fixture->sink, 0, "content-type"), "text/plain");
    assert_string_equal(sink_header(fixture->sink, 0, "content-encoding"), "gzip");
    assert_int_equal(access(fixture->folder, F_OK), -1);
}

static void a_put_is_signed_with_the_hash_of_the_object(void **state)
{
    struct fixture *fixture = *state;
    const struct object object = object_of("bucket", "key", "hello");
    const char *why = NULL;
    use_endpoint(fixture);

    assert_int_equal(put(fixture, &object, &why), 0);

    assert_string_equal(sink_header(fixture->sink, 0, "x-amz-content-sha256"),
                        sigv4_payload_hash(fixture->arena, "hello", 5));
    const char *signature = sink_header(fixture->sink, 0, "authorization");
    assert_true(text_starts_with(signature, "AWS4-HMAC-SHA256 Credential=123456789012/"));
    assert_non_null(strstr(signature, "/us-west-2/s3/aws4_request, SignedHeaders="
                                      "content-type;host;x-amz-content-sha256;"
                                      "x-amz-date, "));
    assert_null(sink_find_header(fixture->sink, 0, "content-encoding"));
}

static void a_put_that_fails_is_sent_again(void **state)
{
    struct fixture *fixture = *state;
    const struct object object = object_of("bucket", "key", "hello");
    const char *why = NULL;
    use_endpoint(fixture);
    sink_plan(fixture->sink, 503, "<Error><Code>SlowDown</Code></Error>");
    sink_plan(fixture->sink, 200, "");

    assert_int_equal(put(fixture, &object, &why), 0);

    assert_int_equal(sink_count(fixture->sink), 2);
    assert_string_equal(sink_request(fixture->sink, 1).body, "hello");
}

static void a_refused_put_says_why(void **state)
{
    struct fixture *fixture = *state;
    const struct object object = object_of("bucket", "key", "hello");
    const char *why = NULL;
    use_endpoint(fixture);
    sink_plan(fixture->sink, 404, "<Error><Code>NoSuchBucket</Code></Error>");

    assert_int_equal(put(fixture, &object, &why), -1);

    assert_string_equal(why, "status 404, error NoSuchBucket");
    assert_int_equal(sink_count(fixture->sink), 1);
}

#define OBJECTS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OBJECTS_TEST(an_object_is_a_file_of_its_bucket),
        OBJECTS_TEST(files_and_folders_are_for_their_user_only),
        OBJECTS_TEST(an_object_replaces_the_one_with_its_key),
        OBJECTS_TEST(a_name_that_leads_elsewhere_is_refused),
        OBJECTS_TEST(a_name_that_is_too_long_for_a_file_is_refused),
        OBJECTS_TEST(a_key_below_another_object_is_refused),
        OBJECTS_TEST(a_full_disk_leaves_the_old_object_and_nothing_else),
        OBJECTS_TEST(without_a_folder_and_an_endpoint_nothing_is_written),
        OBJECTS_TEST(a_cancelled_client_writes_no_file),
        OBJECTS_TEST(an_endpoint_takes_the_place_of_the_folder),
        OBJECTS_TEST(a_put_is_signed_with_the_hash_of_the_object),
        OBJECTS_TEST(a_put_that_fails_is_sent_again),
        OBJECTS_TEST(a_refused_put_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
