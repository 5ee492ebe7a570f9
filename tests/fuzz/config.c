/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The configuration: any bytes load or are refused with at least one mistake. What loads is walked
 * once as `config --origin` does.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/config/types.h"
#include "driftop/config/load.h"
#include "driftop/config/origin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void visit(const struct config_origin *origin, void *ctx)
{
    *(size_t *)ctx += strlen(origin->name) + strlen(origin->value) + strlen(origin->file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config *config = NULL;
    struct config_errors errors = {0};
    size_t total = 0;
    int r = config_load_bytes((const char *)data, size, "fuzz", &test_types, &config, &errors);
    if ((r == 0) != (config != NULL) || (r == 0) != (errors.n_errors == 0))
        abort();
    if (config && config_each_origin(config, visit, &total) == 0 && total == 0)
        abort();
    config_free(config);
    config_errors_done(&errors);
    return 0;
}
