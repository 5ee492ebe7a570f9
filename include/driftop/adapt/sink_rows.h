/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes in at the HTTP sink, understood: flat JSON rows, and the request and response events
 * of an inference logger (KServe, Seldon). Pure: pairing the two halves, with its time and memory
 * limits, is the recorder's; here a message is told apart, a half gets its key, and two halves
 * become rows.
 *
 * A flat row is an object, an array of them, or one a line:
 *     {"deployment": "fraud-score", "version": "42", "ts": "2026-11-21T03:07:41Z",
 *      "features": {"amount": 12.5}, "prediction": 0.7}
 * `ts` may be called time or timestamp; without a `features` object all other members are
 * features. Of a pair the service is the deployment, and the version is the response's
 * model_version, else the request's, else the event's endpoint.
 */
#ifndef DRIFTOP_ADAPT_SINK_ROWS_H
#define DRIFTOP_ADAPT_SINK_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/adapt/feature.h"

struct err;
struct cloudevents_header;

enum sink_kind { SINK_ROWS, SINK_HALVES };

/* One half of a pair; texts and body borrowed from the message. */
struct sink_half {
    bool is_response;
    char key[MODEL_TEXT_SIZE]; /* "namespace/service/id", cleaned: equal for both halves */
    const char *deployment;    /* the service */
    const char *version;       /* what the event itself says; "" when nothing */
    int64_t at_ms;             /* CLOCK_NEVER when the event has no time: use that of receipt */
    const char *body;
    size_t length;
};

struct sink_message {
    enum sink_kind kind;
    struct sink_half *halves;
    size_t n_halves;
    size_t n_ignored;           /* events that are no inference, and empty bodies (our own polls) */
    size_t n_bad;               /* elements of a batch that are no events */
    struct cloudevents *events; /* what the halves borrow from; internal */
};

/* What a request to the sink is. The body must outlive the message. ret is filled anew; done it also
 * after a failure. ERR_DATA, ERR_LIMIT, ERR_NOMEM: answer 400 and count it. */
int sink_open(const struct cloudevents_header *headers, size_t n_headers, const char *body,
              size_t length, struct sink_message *ret, struct err *e);
void sink_message_done(struct sink_message *m);

/* The rows of a SINK_ROWS body. Rows that cannot be used go to sink->refused. 0, ERR_DATA when the
 * body as a whole is none of the three shapes, or what the sink returned. */
int sink_read_rows(const char *body, size_t length, const struct feature_sink *sink, struct err *e);
/* The rows of a pair; received_ms is used where no half has a time. When the two differ in their
 * number of rows nothing is handed out and REFUSED_UNPAIRED is told; a half that cannot be read is
 * one refusal too. Result as above. */
int sink_join(const struct sink_half *request, const struct sink_half *response,
              int64_t received_ms, const struct feature_sink *sink, struct err *e);

#endif
