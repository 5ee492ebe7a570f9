/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CloudEvents 1.0 over HTTP as KServe's and Seldon's loggers send them: binary mode (attributes are
 * ce- headers, the body is the payload), structured mode (one JSON object) and batch mode (an array
 * of them). Ids come from clients: they are bounded here (CLOUDEVENTS_ID) and must be cleaned before
 * they are shown.
 */
#ifndef DRIFTOP_WIRE_CLOUDEVENTS_H
#define DRIFTOP_WIRE_CLOUDEVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/wire/span.h"

struct err;

#define CLOUDEVENTS_ID    256 /* bytes of an attribute; a longer one is an error */
#define CLOUDEVENTS_BATCH 10000

struct cloudevents_header {
    const char *name, *value; /* names match in any case */
};

enum cloudevents_kind {
    CLOUDEVENTS_OTHER,
    CLOUDEVENTS_REQUEST,  /* a type that ends with "inference.request" */
    CLOUDEVENTS_RESPONSE, /* ... "inference.response" */
    CLOUDEVENTS_FEEDBACK, /* ... "feedback" */
};

struct cloudevents_event {
    /* Absent ones are NULL. pair is what request and response share: requestid, else id. */
    const char *id, *type, *source, *pair, *service, *namespace_name, *component, *endpoint,
        *model_id, *content_type;
    enum cloudevents_kind kind;
    bool has_time;
    int64_t time_ms;
    struct span data; /* absent when there is none; may be of length 0 */
};

/* Owns all texts and the data of the JSON modes; data of the binary mode is borrowed from the
 * body. */
struct cloudevents {
    struct cloudevents_event *events;
    size_t n_events, events_capacity;
    char **texts;
    size_t n_texts, texts_capacity;
    size_t n_bad; /* elements of a batch that were no events */
};

/* The mode follows from Content-Type, then from ce-specversion. ERR_ABSENT when it is no CloudEvent,
 * ERR_DATA when it is a broken one (no id or type, a value not percent-encoded right, no JSON),
 * ERR_LIMIT. ret is filled anew; done it also after a failure. */
int cloudevents_decode(const struct cloudevents_header *headers, size_t n_headers, const char *body,
                       size_t length, struct cloudevents *ret, struct err *e);
void cloudevents_done(struct cloudevents *c);

#endif
