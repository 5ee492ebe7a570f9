/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/mlflow.h"

#include "driftop/base/err.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mlflow_models models;
    struct mlflow_versions versions;
    struct err e;
    unsigned picked = fuzz_pick(&data, &size, 3);
    const char *bytes = (const char *)data;
    switch (picked) {
    case 0:
        mlflow_parse_models(bytes, size, &models, &e);
        for (size_t i = 0; i < models.n_models; i++)
            mlflow_alias(&models.models[i], "champion");
        mlflow_models_done(&models);
        break;
    case 1:
        mlflow_parse_versions(bytes, size, &versions, &e);
        mlflow_versions_done(&versions);
        break;
    default: fuzz_check(mlflow_refusal(400, bytes, size, &e) < 0); break;
    }
    return 0;
}
