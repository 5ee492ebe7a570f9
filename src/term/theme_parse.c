/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A theme is a map of role to look, both texts, and each mistake is worth a position and the
 * nearest right word: a theme is written by hand, once, by somebody who wants to get on.
 */
#include "theme_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/yaml.h"

#define WORD_MAX 32

static const char *const color_names[] = {"black", "red",     "green", "yellow",
                                          "blue",  "magenta", "cyan",  "white"};

static const struct {
    const char *name;
    uint16_t attribute;
} attributes[] = {
    {"bold", STYLE_BOLD},
    {"reverse", STYLE_REVERSE},
    {"underline", STYLE_UNDERLINE},
    {"dim", STYLE_DIM},
};

static bool parse_color(const char *word, int16_t *ret)
{
    bool bright = strncmp(word, "bright-", 7) == 0;
    char *end;

    if (strcmp(word, "default") == 0) {
        *ret = THEME_DEFAULT_COLOR;
        return true;
    }
    for (int i = 0; i < 8; i++) {
        if (strcmp(word + (bright ? 7 : 0), color_names[i]) == 0) {
            *ret = (int16_t)(i + (bright ? 8 : 0));
            return true;
        }
    }
    if (*word < '0' || *word > '9')
        return false;
    long number = strtol(word, &end, 10);
    if (*end || number > 255)
        return false;
    *ret = (int16_t)number;
    return true;
}

static bool parse_attribute(const char *word, uint16_t *ret)
{
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (strcmp(word, attributes[i].name) == 0) {
            *ret |= attributes[i].attribute;
            return true;
        }
    }
    return false;
}

/* The next word of *text. A word that is too long is cut, and so matches nothing. */
static bool next_word(const char **text, char word[WORD_MAX])
{
    size_t length;

    *text += strspn(*text, " \t");
    length = strcspn(*text, " \t");
    snprintf(word, WORD_MAX, "%.*s", (int)length, *text);
    *text += length;
    return length > 0;
}

static int fail_word(const struct yaml_node *node, const char *where, const char *word,
                     struct err *e)
{
    return err_set_at(e, ERR_CONFIG, where, node->line, node->column,
                      "'%s' is no colour and no attribute; allowed: default, black, red, green, "
                      "yellow, blue, magenta, cyan, white, bright-..., 0 to 255, on, bold, "
                      "reverse, underline, dim",
                      word);
}

static int parse_look(const struct yaml_node *node, const char *where, struct theme_look *ret,
                      struct err *e)
{
    /* A line replaces the whole look: what it does not say is the terminal's own. */
    struct theme_look look = {THEME_DEFAULT_COLOR, THEME_DEFAULT_COLOR, 0};
    const char *text = node->text;
    char word[WORD_MAX];
    bool has_fg = false;

    if (node->kind != YAML_SCALAR)
        return err_set_at(e, ERR_CONFIG, where, node->line, node->column,
                          "a role's look is a text, such as \"yellow on blue bold\"");
    while (next_word(&text, word)) {
        if (strcmp(word, "on") == 0) {
            if (!next_word(&text, word) || !parse_color(word, &look.bg))
                return err_set_at(e, ERR_CONFIG, where, node->line, node->column,
                                  "a colour must follow 'on'");
        } else if (!has_fg && parse_color(word, &look.fg)) {
            has_fg = true;
        } else if (!parse_attribute(word, &look.attributes)) {
            return fail_word(node, where, word, e);
        }
    }
    *ret = look;
    return 0;
}

static int smallest(int a, int b, int c)
{
    int least = a < b ? a : b;
    return least < c ? least : c;
}

/* Levenshtein's distance; texts longer than WORD_MAX count as far away. */
static int distance(const char *a, const char *b)
{
    int row[WORD_MAX + 1], n = (int)strlen(b);

    if (strlen(a) > WORD_MAX || n > WORD_MAX)
        return WORD_MAX;
    for (int j = 0; j <= n; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            int above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[n];
}

/* Three letters off is still a slip of the finger; more is another word. */
static int fail_role(const struct yaml_node *node, const char *where, struct err *e)
{
    int best = -1, least = 4;

    for (int i = 0; i < ROLE_COUNT; i++) {
        int d = distance(node->text, style_role_name((enum role)i));
        if (d < least) {
            least = d;
            best = i;
        }
    }
    if (best < 0)
        return err_set_at(e, ERR_CONFIG, where, node->line, node->column, "there is no role '%s'",
                          node->text);
    return err_set_at(e, ERR_CONFIG, where, node->line, node->column,
                      "there is no role '%s'; did you mean '%s'?", node->text,
                      style_role_name((enum role)best));
}

int theme_parse_over(const char *bytes, size_t length, const char *where, struct theme *theme,
                     struct err *e)
{
    struct yaml *doc;
    int rc = yaml_parse(bytes, length, where, &doc, e);

    if (rc < 0)
        return rc;
    const struct yaml_node *root = yaml_root(doc);
    if (root->kind != YAML_MAP)
        rc = err_set_at(e, ERR_CONFIG, where, root->line, root->column,
                        "a theme is a list of lines `role: look`");
    for (size_t i = 0; rc == 0 && i + 1 < root->n_children; i += 2) {
        const struct yaml_node *key = root->children[i];
        int role = style_role_find(key->text);

        if (role < 0)
            rc = fail_role(key, where, e);
        else
            rc = parse_look(root->children[i + 1], where, &theme->looks[role], e);
    }
    yaml_document_free(doc);
    return rc;
}
