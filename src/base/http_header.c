#include "base/http_header.h"

#include <string.h>
#include <strings.h>

#define WHITESPACE " \t\r\n"

size_t http_header_count(const struct http_header *headers)
{
    size_t count = 0;

    while (headers != NULL && headers[count].name != NULL)
        count++;
    return count;
}

const char *http_header_find(const struct http_header *headers, const char *name)
{
    for (; headers->name != NULL; headers++)
        if (strcasecmp(headers->name, name) == 0)
            return headers->value;
    return NULL;
}

const char *http_header_find_single(const struct http_header *headers, const char *name)
{
    const char *value = NULL;

    for (; headers->name != NULL; headers++) {
        if (strcasecmp(headers->name, name) != 0)
            continue;
        if (value != NULL)
            return NULL;
        value = headers->value;
    }
    return value;
}

bool http_header_lists(const struct http_header *headers, const char *name,
                       const char *element)
{
    size_t length;

    for (; headers->name != NULL; headers++) {
        const char *at = headers->value, *found;
        if (strcasecmp(headers->name, name) != 0)
            continue;
        while ((found = http_header_next_element(&at, &length)) != NULL)
            if (length == strlen(element) && strncasecmp(found, element, length) == 0)
                return true;
    }
    return false;
}

const char *http_header_next_element(const char **at, size_t *length)
{
    const char *element = *at + strspn(*at, WHITESPACE ",");

    *length = strcspn(element, ",");
    *at = element + *length;
    (void)http_header_trim(element, length);
    return *length > 0 ? element : NULL;
}

static bool is_white(char c)
{
    return c != '\0' && strchr(WHITESPACE, c) != NULL;
}

const char *http_header_trim(const char *value, size_t *length)
{
    const char *end = value + *length;

    while (value < end && is_white(*value))
        value++;
    while (value < end && is_white(end[-1]))
        end--;
    *length = (size_t)(end - value);
    return value;
}
