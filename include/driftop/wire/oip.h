/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Open Inference Protocol (KServe v2 REST) as MLServer, Triton, OpenVINO, KServe and
 * TorchServe really speak it. Readiness is the status code alone: bodies differ or are missing.
 * Nothing about a model follows from the server's own readiness, which several of them hard-code.
 * All texts belong to the struct that holds them; absent is NULL.
 */
#ifndef DRIFTOP_WIRE_OIP_H
#define DRIFTOP_WIRE_OIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json;

enum oip_readiness {
    OIP_READY,       /* 2xx */
    OIP_NOT_READY,   /* 400, 503 */
    OIP_ABSENT,      /* 404: no such model, version or path */
    OIP_DENIED,      /* 401, 403: says nothing about the model */
    OIP_UNSUPPORTED, /* 405, 406, 501: the server has no such question */
    OIP_FAILED,      /* anything else */
};

enum oip_readiness oip_readiness(int status);

#define OIP_RANK 8

struct oip_tensor {
    const char *name, *datatype;
    int64_t shape[OIP_RANK]; /* -1: any */
    size_t rank;             /* 0 when there is none, or more than OIP_RANK */
};

struct oip_metadata { /* of GET v2/models/NAME, and of GET v2 (name, versions[0], extensions) */
    const char *name, *platform;
    const char **versions, **extensions;
    size_t n_versions, n_extensions;
    struct oip_tensor *inputs, *outputs;
    size_t n_inputs, n_outputs;
    struct json *root;
};

/* ret is filled anew; done it also after a failure. ERR_DATA when it is no JSON, ERR_PROTOCOL when it
 * is no such object. `version` (of a server) counts as the only one of versions. */
int oip_parse_metadata(const char *bytes, size_t length, struct oip_metadata *ret, struct err *e);
void oip_metadata_done(struct oip_metadata *m);

enum oip_state {
    OIP_STATE_ABSENT, /* not in the answer: never loaded, or a server that lists only names */
    OIP_STATE_UNKNOWN,
    OIP_STATE_READY,
    OIP_STATE_UNAVAILABLE,
    OIP_STATE_LOADING,
    OIP_STATE_UNLOADING,
};

struct oip_model {
    const char *name, *version, *reason; /* reason NULL also when it is "" */
    const char *state_text;
    enum oip_state state; /* OIP_STATE_UNKNOWN for a word not known here */
};

struct oip_index {
    struct oip_model *models; /* one for each model and version */
    size_t n_models;
    struct json *root;
};

/* The array of POST v2/repository/index, or KServe's {"models": [names or objects]}. Elements
 * without a name are dropped and counted in *ret_dropped (may be NULL). */
int oip_parse_index(const char *bytes, size_t length, struct oip_index *ret, size_t *ret_dropped,
                    struct err *e);
void oip_index_done(struct oip_index *i);

/* The error of a body ("error", FastAPI's "detail", a bare string, plain text), cleaned, into
 * buf; "" for an empty body. Returns buf. */
char *oip_error(const char *bytes, size_t length, char *buf, size_t size);

#endif
