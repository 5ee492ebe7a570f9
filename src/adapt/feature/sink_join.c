/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two halves of a logged inference to rows: row i of the request with row i of the response.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/adapt/sink_rows.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/vec.h"
#include "driftop/wire/tensors.h"
#include "row_private.h"

static const char *choose_version(const struct tensors *request, const struct tensors *response,
                                  const struct sink_half *half)
{
    if (response->model_version && response->model_version[0])
        return response->model_version;
    if (request->model_version && request->model_version[0])
        return request->model_version;
    return half->version;
}

static bool usable(const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return false;
    return length > 0 && length < MODEL_NAME_SIZE;
}

static int one_row(const struct tensors *request, const struct tensors *response, size_t i,
                   struct row_scratch *scratch, struct feature_row *row,
                   const struct feature_sink *sink)
{
    const struct tensors_row *in = &request->rows[i], *out = &response->rows[i];

    if (VEC_ROOM(scratch->fields, 0, scratch->fields_capacity, in->n + out->n) < 0)
        return ERR_NOMEM;
    if (in->n > 0)
        memcpy(scratch->fields, request->fields + in->first, in->n * sizeof *scratch->fields);
    if (out->n > 0)
        memcpy(scratch->fields + in->n, response->fields + out->first,
               out->n * sizeof *scratch->fields);
    row->fields = scratch->fields;
    row->n_fields = in->n + out->n;
    return sink->row(sink->ctx, row);
}

static int join(const struct sink_half *half, const struct tensors *request,
                const struct tensors *response, int64_t at_ms, const struct feature_sink *sink)
{
    struct row_scratch scratch = {0};
    const char *version = choose_version(request, response, half);
    struct feature_row row = {.at_ms = at_ms, .version = version, .deployment = half->deployment};
    enum source_refusal reason = SOURCE_REFUSALS;
    int result = 0;

    row.version_length = strlen(version);
    row.deployment_length = strlen(half->deployment);
    if (request->n_rows != response->n_rows)
        reason = REFUSED_UNPAIRED;
    else if (!usable(version))
        reason = REFUSED_VERSION;
    else if (!usable(half->deployment))
        reason = REFUSED_FIELD;
    if (reason != SOURCE_REFUSALS) {
        sink->refused(sink->ctx, reason, NULL);
        return 0;
    }
    for (size_t i = 0; result >= 0 && i < request->n_rows; i++)
        result = one_row(request, response, i, &scratch, &row, sink);
    row_scratch_done(&scratch);
    return result < 0 ? result : 0;
}

int sink_join(const struct sink_half *request, const struct sink_half *response,
              int64_t received_ms, const struct feature_sink *sink, struct err *e)
{
    struct tensors in = {0}, out = {0};
    int64_t at_ms = request->at_ms != CLOCK_NEVER    ? request->at_ms
                    : response->at_ms != CLOCK_NEVER ? response->at_ms
                                                     : received_ms;
    int result = tensors_decode(request->body, request->length, TENSORS_REQUEST, NULL, 0, &in, e);

    if (result == 0)
        result =
            tensors_decode(response->body, response->length, TENSORS_RESPONSE, NULL, 0, &out, e);
    if (result == 0)
        result = join(request, &in, &out, at_ms, sink);
    else if (result == ERR_DATA || result == ERR_ABSENT || result == ERR_LIMIT)
        sink->refused(sink->ctx, result == ERR_LIMIT ? REFUSED_SIZE : REFUSED_SYNTAX, NULL);
    tensors_done(&in);
    tensors_done(&out);
    return result;
}
