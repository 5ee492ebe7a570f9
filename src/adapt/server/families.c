/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What model servers call their counters. Some traps:
 * - MLServer labels a call that names no version in its path version="None" (page.c resolves it).
 *   Its REST histogram knows routes, not models: usable only where one model is served. Its
 *   counters per model also see gRPC calls, so they win over the REST counters.
 * - Triton's counters have no _total; its durations are microsecond counters; its histogram is off
 *   by default.
 * - OpenVINO counts our own readiness polls too: only inference methods are taken.
 * - KServe's runtime has no error counter: then the error ratio stays absent.
 */
#include "page.h"

#define MODEL_VERSION .model_label = "model", .version_label = "version"
#define NAME_VERSION  .model_label = "name", .version_label = "version"
#define INFER         .filter_label = "method", .filter = "ModelInfer Predict Unary Stream"
#define INFER_PATH    .filter_label = "path", .filter = "/infer"

/* clang-format off */
const struct family page_families[] = {
    /* MLServer; the histogram and the queue are those of newer exporters and of driftop's demo */
    {"model_infer_request_success", USE_SUCCESS, 9, 1, MODEL_VERSION},
    {"model_infer_request_failure", USE_FAILURE, 9, 1, MODEL_VERSION},
    {"model_infer_request_duration_seconds", USE_LATENCY, 9, 1, MODEL_VERSION},
    {"rest_server_request_duration_seconds", USE_LATENCY, 8, 1, INFER_PATH, .alone = true},
    {"model_infer_request_duration", USE_LATENCY, 7, 1, MODEL_VERSION},
    {"model_infer_request_queue", USE_QUEUE, 9, 1, MODEL_VERSION},
    {"rest_server_requests", USE_CODES, 5, 1, .code_label = "status_code", INFER_PATH,
     .alone = true},
    /* Triton */
    {"nv_inference_request_success", USE_SUCCESS, 9, 1, MODEL_VERSION},
    {"nv_inference_request_failure", USE_FAILURE, 9, 1, MODEL_VERSION},
    {"nv_inference_first_response_histogram_ms", USE_LATENCY, 9, 1e-3, MODEL_VERSION},
    {"nv_inference_request_summary_us", USE_LATENCY, 7, 1e-6, MODEL_VERSION},
    {"nv_inference_request_duration_us", USE_LATENCY_SUM, 6, 1e-6, MODEL_VERSION},
    {"nv_inference_pending_request_count", USE_QUEUE, 9, 1, MODEL_VERSION},
    /* OpenVINO model server */
    {"ovms_requests_success", USE_SUCCESS, 9, 1, NAME_VERSION, INFER},
    {"ovms_requests_fail", USE_FAILURE, 9, 1, NAME_VERSION, INFER},
    {"ovms_request_time_us", USE_LATENCY, 9, 1e-6, NAME_VERSION},
    {"ovms_current_requests", USE_QUEUE, 9, 1, NAME_VERSION},
    /* KServe's runtime */
    {"request_predict_seconds", USE_LATENCY, 9, 1, .model_label = "model_name"},
    /* Any HTTP program */
    {"http_requests", USE_CODES, 3, 1, .code_label = "code status status_code"},
    {"http_request_duration_seconds", USE_LATENCY, 3, 1, .model_label = NULL},
};
/* clang-format on */
const size_t page_n_families = sizeof page_families / sizeof *page_families;
