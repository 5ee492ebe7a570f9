/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/cloudevents.h"

#include <string.h>

#include "driftop/base/err.h"
#include "fuzz.h"

#define HEADERS 16

/* The input is "Name: value" lines, an empty line, and a body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cloudevents_header headers[HEADERS];
    struct cloudevents c;
    struct err e;
    size_t n = 0;
    char *text = malloc(size + 1), *at = text;
    memcpy(text, data, size);
    text[size] = '\0';
    while (at && *at && *at != '\n' && n < HEADERS) {
        char *line = strsep(&at, "\n"), *value = strstr(line, ": ");
        if (!value)
            break;
        *value = '\0';
        headers[n++] = (struct cloudevents_header){line, value + 2};
    }
    const char *body = at ? at : "";
    if (cloudevents_decode(headers, n, body, strlen(body), &c, &e) == 0)
        for (size_t i = 0; i < c.n_events; i++)
            fuzz_check(c.events[i].id && c.events[i].type && c.events[i].pair);
    cloudevents_done(&c);
    free(text);
    return 0;
}
