/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"

int vec_room(void **array, size_t length, size_t *capacity, size_t extra, size_t element_size)
{
    const size_t most = PTRDIFF_MAX / element_size;
    size_t wanted = *capacity > 8 ? *capacity : 8;
    void *now;

    if (length <= *capacity && extra <= *capacity - length)
        return 0;
    if (length > most || extra > most - length)
        return ERR_NOMEM;
    while (wanted < length + extra)
        wanted = wanted > most / 2 ? most : wanted * 2;
    /* The caller's pointer has another type than void *: copied as bytes, never read through. */
    memcpy(&now, array, sizeof now);
    now = realloc(now, wanted * element_size);
    if (!now)
        return ERR_NOMEM;
    memcpy(array, &now, sizeof now);
    *capacity = wanted;
    return 0;
}
