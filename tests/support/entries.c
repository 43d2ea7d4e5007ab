#include "entries.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"

enum { LINE_BYTES = 8300, REQUEST_BYTES = 1024 };

struct http_answer entries_request(struct http_client *client, const char *target,
                                   const char *headers)
{
    char request[REQUEST_BYTES];
    struct http_answer answer = {0};

    snprintf(request, sizeof(request), "GET %s HTTP/1.0\r\nHost: localhost\r\n%s\r\n",
             target, headers);
    assert_true(http_send_text(client, request));
    assert_int_equal(http_receive(client, true, &answer), HTTP_ANSWER);
    return answer;
}

/* Reads a line without its end. False: the stream has ended. */
static bool read_line(struct http_client *client, char line[LINE_BYTES])
{
    const char *byte;
    size_t length = 0;

    while ((byte = http_receive_bytes(client, 1)) != NULL && *byte != '\n') {
        assert_true(length < LINE_BYTES - 1);
        line[length++] = *byte;
    }
    line[length] = '\0';
    return byte != NULL;
}

static void take_field(const char *line, const char *name, char *out, size_t room)
{
    size_t length = strlen(name);

    if (strncmp(line, name, length) == 0 && line[length] == ':')
        text_copy(out, room, line + length + 2);
}

/* Reads up to an empty line. False: the stream has ended. */
static bool read_entry(struct http_client *client, struct entry *out)
{
    char line[LINE_BYTES] = "";

    *out = (struct entry){.event = ""};
    while (read_line(client, line)) {
        if (line[0] == '\0')
            return true;
        take_field(line, "event", out->event, sizeof(out->event));
        take_field(line, "id", out->id, sizeof(out->id));
        take_field(line, "data", out->data, sizeof(out->data));
    }
    return false;
}

struct entry entries_next(struct http_client *client)
{
    struct entry entry;

    do
        assert_true(read_entry(client, &entry));
    while (entry.event[0] == '\0');
    return entry;
}

struct entry entries_expect(struct http_client *client, const char *event,
                            const char *text)
{
    struct entry entry = entries_next(client);

    assert_string_equal(entry.event, event);
    if (strstr(entry.data, text) == NULL)
        fail_msg("no %s in %s", text, entry.data);
    return entry;
}

void entries_expect_end(struct http_client *client)
{
    struct entry entry;

    while (read_entry(client, &entry))
        assert_string_equal(entry.event, "");
}
