/*
 * External JSON: what is accepted can be printed, in the same way as the library does,
 * and the result is accepted again.
 */
#include "fuzz.h"

#include "base/bug.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

static int depth(const cJSON *value)
{
    const cJSON *child;
    int deepest = 0;

    if (!cJSON_IsArray(value) && !cJSON_IsObject(value))
        return 0;
    cJSON_ArrayForEach(child, value) {
        int below = depth(child);
        if (below > deepest)
            deepest = below;
    }
    return deepest + 1;
}

static void check(const cJSON *tree)
{
    const char *why = NULL;
    char *text = json_print(tree);
    cJSON *again AUTO(json_done) = json_read(text, strlen(text), &why);

    if (again == NULL)
        BUG("printed, then refused (%s): %s", why, text);
    char *text_again = json_print(again);
    if (strcmp(text, text_again) != 0)
        BUG("printed differently: %s, then %s", text, text_again);
    char *of_library = cJSON_PrintUnformatted(tree);
    if (strcmp(text, of_library) != 0)
        BUG("printed %s, by the library %s", text, of_library);
    cJSON_free(of_library);
    free(text_again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *why = NULL;
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);

    json_init();
    cJSON *tree AUTO(json_done) = json_read(text, size, &why);
    if (tree == NULL) {
        if (why == NULL || why[0] == '\0')
            BUG("refused without a reason");
        return 0;
    }
    if (depth(tree) > JSON_MAX_DEPTH)
        BUG("%d levels were taken", depth(tree));
    check(tree);
    return 0;
}
