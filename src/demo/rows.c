/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/rows.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"

/* Texts of the catalogue need no escapes. */
static void add_json_value(struct str *s, const struct value *v)
{
    char text[POPULATION_VALUE_SIZE];

    if (v->kind == VALUE_MISSING)
        str_add(s, "null");
    else if (v->kind == VALUE_TEXT)
        str_addf(s, "\"%.*s\"", (int)v->length, v->text);
    else
        str_add(s, population_format(v, text));
}

void rows_add_json(struct str *s, const struct population *p, const struct population_row *row,
                   int64_t at_ms, const char *version, const char *deployment)
{
    char at[CLOCK_TEXT_SIZE];

    str_add_char(s, '{');
    if (deployment)
        str_addf(s, "\"deployment\":\"%s\",", deployment);
    str_addf(s, "\"ts\":\"%s\",\"version\":\"%s\"", clock_format_ms(at_ms, at), version);
    for (size_t i = 0; i < p->n_features; i++) {
        str_addf(s, ",\"%s\":", p->features[i].name);
        add_json_value(s, &row->values[i]);
    }
    str_addf(s, ",\"prediction\":%.6g}\n", row->prediction);
}

void rows_add_csv_header(struct str *s, const struct population *p)
{
    for (size_t i = 0; i < p->n_features; i++)
        str_addf(s, "%s,", p->features[i].name);
    str_add(s, "prediction\n");
}

void rows_add_csv(struct str *s, const struct population *p, const struct population_row *row)
{
    char text[POPULATION_VALUE_SIZE];

    for (size_t i = 0; i < p->n_features; i++)
        str_addf(s, "%s,", population_format(&row->values[i], text));
    str_addf(s, "%.6g\n", row->prediction);
}

void rows_write_request(struct str *s, const struct population *p,
                        const struct population_row *rows, size_t n)
{
    str_add(s, "{\"inputs\":[");
    for (size_t i = 0; i < p->n_features; i++) {
        bool text = p->features[i].law->law == LAW_CATEGORY;
        str_addf(s, "%s{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":[%zu],\"data\":[",
                 i ? "," : "", p->features[i].name, text ? "BYTES" : "FP64", n);
        for (size_t k = 0; k < n; k++) {
            if (k > 0)
                str_add_char(s, ',');
            add_json_value(s, &rows[k].values[i]);
        }
        str_add(s, "]}");
    }
    str_add(s, "]}");
}

void rows_write_response(struct str *s, const struct population *p,
                         const struct population_row *rows, size_t n, const char *version,
                         const char *id)
{
    str_addf(s,
             "{\"model_name\":\"%s\",\"model_version\":\"%s\",\"id\":\"%s\",\"outputs\":[{"
             "\"name\":\"prediction\",\"datatype\":\"FP64\",\"shape\":[%zu],\"data\":[",
             p->deployment->name, version, id, n);
    for (size_t k = 0; k < n; k++)
        str_addf(s, "%s%.6g", k ? "," : "", rows[k].prediction);
    str_add(s, "]}]}");
}

int rows_write_reference(struct str *s, const struct population *p, uint64_t seed, size_t n)
{
    struct random random = random_stream(seed ^ UINT64_C(0x7265666572656e63), p->deployment->name);
    struct population_row row = {calloc(p->n_features, sizeof *row.values), 0};
    struct symptoms healthy;

    if (!row.values)
        return ERR_NOMEM;
    script_symptoms(p->deployment, 0, &healthy);
    rows_add_csv_header(s, p);
    for (size_t i = 0; i < n; i++) {
        population_draw(p, &random, &healthy, p->deployment->champion, &row);
        rows_add_csv(s, p, &row);
    }
    free(row.values);
    return s->failed ? ERR_NOMEM : 0;
}
