/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/haproxy.h"

#include "driftop/base/err.h"
#include "driftop/wire/haproxy_answer.h"
#include "fuzz.h"

static void stats(const char *bytes, size_t size)
{
    struct haproxy_stats s;
    struct err e;
    if (haproxy_parse_stats(bytes, size, &s, &e) == 0)
        for (size_t i = 0; i < s.n_rows; i++)
            fuzz_check(s.rows[i].pxname.length > 0 && s.rows[i].svname.length > 0);
    haproxy_find_stat(&s, "be", "v1");
    haproxy_stats_done(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct haproxy_servers servers;
    struct haproxy_info info;
    struct haproxy_weight weight;
    struct err e;
    unsigned picked = fuzz_pick(&data, &size, 5);
    const char *bytes = (const char *)data;
    switch (picked) {
    case 0: stats(bytes, size); break;
    case 1:
        haproxy_parse_servers(bytes, size, &servers, &e);
        haproxy_servers_done(&servers);
        break;
    case 2: haproxy_parse_info(bytes, size, &info, &e); break;
    case 3:
        if (haproxy_parse_weight(bytes, size, &weight, &e) == 0)
            fuzz_check(weight.current >= 0 && weight.current <= HAPROXY_WEIGHT_MAX);
        break;
    default: haproxy_parse_setter(bytes, size, &e); break;
    }
    return 0;
}
