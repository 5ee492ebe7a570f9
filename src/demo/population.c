/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/population.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

#define NOISE 0.3

/* "android:48 ios:31 ..." to texts with cumulated shares. */
static void read_categories(struct population_feature *f)
{
    double sum = 0;
    const char *at = f->law->categories;

    while (at && *at && f->n_categories < POPULATION_CATEGORIES) {
        size_t length = strcspn(at, ":");
        char *end;
        f->categories[f->n_categories].text = at;
        f->categories[f->n_categories].length = length;
        sum += strtod(at + length + 1, &end);
        f->categories[f->n_categories++].up_to = sum;
        at = end + strspn(end, " ");
    }
    for (size_t i = 0; i < f->n_categories; i++)
        f->categories[i].up_to /= sum;
}

int population_init(struct population *p, const struct catalog_deployment *d)
{
    size_t n = 0;

    *p = (struct population){.deployment = d};
    for (size_t i = 0; i < d->n_features; i++)
        n += d->features[i].repeat ? d->features[i].repeat : 1;
    p->features = calloc(n, sizeof *p->features);
    if (!p->features)
        return ERR_NOMEM;
    for (size_t i = 0; i < d->n_features; i++) {
        const struct catalog_feature *law = &d->features[i];
        for (unsigned k = 0; k == 0 || k < law->repeat; k++) {
            struct population_feature *f = &p->features[p->n_features++];
            f->law = law;
            if (law->repeat)
                snprintf(f->name, sizeof f->name, "%s_%02u", law->name, k);
            else
                str_copy(f->name, sizeof f->name, law->name);
            read_categories(f);
        }
    }
    return 0;
}

void population_done(struct population *p)
{
    free(p->features);
    *p = (struct population){0};
}

static struct value draw_category(const struct population_feature *f, struct random *random)
{
    double u = random_unit(random);
    size_t i = 0;

    while (i + 1 < f->n_categories && u >= f->categories[i].up_to)
        i++;
    return (struct value){
        .kind = VALUE_TEXT, .text = f->categories[i].text, .length = f->categories[i].length};
}

static double draw_number(const struct catalog_feature *law, struct random *random)
{
    switch (law->law) {
    case LAW_NORMAL: return random_normal(random, law->a, law->b);
    case LAW_LOGNORMAL: return exp(random_normal(random, law->a, law->b));
    case LAW_EXPONENTIAL: return random_exponential(random, law->a);
    case LAW_COUNT: return random_count(random, law->a);
    case LAW_WHOLE: return floor(law->a + (law->b - law->a + 1) * random_unit(random));
    case LAW_FLAG: return random_unit(random) < law->a ? 1 : 0;
    case LAW_CATEGORY: break;
    }
    return 0;
}

/* In standard deviations, and never so far out that one feature decides alone. */
static double standardise(const struct population_feature *f, const struct value *v)
{
    const struct catalog_feature *law = f->law;
    double z = 0;

    if (v->kind == VALUE_MISSING)
        return 0;
    switch (law->law) {
    case LAW_NORMAL: z = (v->number - law->a) / law->b; break;
    case LAW_LOGNORMAL: z = (log(v->number) - law->a) / law->b; break;
    case LAW_EXPONENTIAL: z = v->number / law->a - 1; break;
    case LAW_COUNT: z = (v->number - law->a) / sqrt(law->a); break;
    case LAW_WHOLE: z = (v->number - (law->a + law->b) / 2) / ((law->b - law->a + 1) / 3.46); break;
    case LAW_FLAG: z = (v->number - law->a) * 2; break;
    case LAW_CATEGORY: z = v->length % 2 ? 1 : -1; break;
    }
    return fmin(3, fmax(-3, z));
}

static bool is_named(const struct population_feature *f, const char *name)
{
    return name && strcmp(f->name, name) == 0;
}

/* Draws the same number of random numbers with and without faults, but for new ones. */
static struct value draw_value(const struct population_feature *f, struct random *random,
                               const struct symptoms *s)
{
    struct value v;

    if (f->law->law == LAW_CATEGORY)
        v = draw_category(f, random);
    else
        v = (struct value){.kind = VALUE_NUMBER, .number = draw_number(f->law, random)};
    double missing = is_named(f, s->nulled_feature) ? s->null_ratio : f->law->missing_ratio;
    if (missing > 0 && random_unit(random) < missing)
        return (struct value){.kind = VALUE_MISSING};
    if (is_named(f, s->scaled_feature))
        v.number *= s->scale;
    if (is_named(f, s->renewed_feature) && random_unit(random) < s->new_ratio) {
        v.text = s->new_value;
        v.length = strlen(s->new_value);
    }
    return v;
}

/* A bad version has lost most of what it knew and leans to one side. */
static double predict(const struct catalog_deployment *d, double score, bool biased)
{
    if (biased)
        score = 0.4 * score + 1.8;
    if (d->kind == PREDICT_AMOUNT)
        return exp(d->bias + 0.35 * score);
    return 1 / (1 + exp(-d->bias - score));
}

void population_draw(const struct population *p, struct random *random, const struct symptoms *s,
                     unsigned version, struct population_row *row)
{
    double score = random_normal(random, 0, NOISE);

    for (size_t i = 0; i < p->n_features; i++) {
        row->values[i] = draw_value(&p->features[i], random, s);
        score += p->features[i].law->effect * standardise(&p->features[i], &row->values[i]);
    }
    row->prediction = predict(p->deployment, score, s->versions[version].biased);
}

char *population_format(const struct value *value, char buf[POPULATION_VALUE_SIZE])
{
    if (value->kind == VALUE_NUMBER)
        snprintf(buf, POPULATION_VALUE_SIZE, "%.6g", value->number);
    else
        snprintf(buf, POPULATION_VALUE_SIZE, "%.*s", (int)value->length,
                 value->kind == VALUE_TEXT ? value->text : "");
    return buf;
}
