/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/tensors.h"

#include <string.h>

#include "cases.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"

/* args: request or response; "named" gives the first two unnamed cells the names age and amount. */
static struct json *print(const char *input, size_t length, const char *args)
{
    static const char *const names[] = {"age", "amount"};
    struct json *out = json_new_object(), *rows = json_new_array();
    struct tensors t;
    struct err e;
    enum tensors_side side = strstr(args, "response") ? TENSORS_RESPONSE : TENSORS_REQUEST;
    int code = tensors_decode(input, length, side, names, strstr(args, "named") ? 2 : 0, &t, &e);
    put_text(out, "id", t.id);
    put_text(out, "model_name", t.model_name);
    put_text(out, "model_version", t.model_version);
    for (size_t i = 0; code == 0 && i < t.n_rows; i++)
        json_append(rows, fields_json(t.fields + t.rows[i].first, t.rows[i].n));
    json_put(out, "rows", rows);
    put_number(out, "n_nested", t.n_nested > 0, (double)t.n_nested);
    put_error(out, code, &e);
    tensors_done(&t);
    return out;
}

int main(void)
{
    return cases_main("tensors", print);
}
