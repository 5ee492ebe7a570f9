/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where themes come from and how they are fitted to a terminal. The text of the two built-in ones
 * is made from the files under themes/ by make, and goes through the same parser as a user's.
 */
#include "driftop/term/theme.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "theme_private.h"

#define FILE_LIMIT ((size_t)64 << 10)

bool theme_builtin(const char *name, struct theme *ret)
{
    const char *text = strcmp(name, "default") == 0 ? theme_text_default
                       : strcmp(name, "mono") == 0  ? theme_text_mono
                                                    : NULL;
    struct theme theme = {0};

    if (!text)
        return false;
    for (int i = 0; i < ROLE_COUNT; i++)
        theme.looks[i] = (struct theme_look){THEME_DEFAULT_COLOR, THEME_DEFAULT_COLOR, 0};
    if (theme_parse_over(text, strlen(text), name, &theme, NULL) < 0)
        return false;
    str_copy(theme.name, sizeof theme.name, name);
    *ret = theme;
    return true;
}

int theme_parse(const char *bytes, size_t length, const char *where, struct theme *ret,
                struct err *e)
{
    struct theme theme;

    if (!theme_builtin("default", &theme))
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    int rc = theme_parse_over(bytes, length, where, &theme, e);
    if (rc < 0)
        return rc;
    /* "themes/mine.yaml" is called "mine". */
    const char *slash = strrchr(where, '/');
    str_copy(theme.name, sizeof theme.name, slash ? slash + 1 : where);
    char *dot = strrchr(theme.name, '.');
    if (dot && dot != theme.name)
        *dot = '\0';
    *ret = theme;
    return 0;
}

static int load_file(const char *path, struct theme *ret, struct err *e)
{
    struct str text;

    str_init(&text, FILE_LIMIT);
    int rc = path_read(path, &text, e);
    if (rc == 0)
        rc = theme_parse(text.data, text.length, path, ret, e);
    str_done(&text);
    return rc;
}

/* The path of a theme's file, when there is one. */
static bool find_file(const char *name, struct str *ret_path)
{
    char file[128];

    snprintf(file, sizeof file, "themes/%s.yaml", name);
    if (path_xdg(PATH_CONFIG, file, ret_path) == 0 && access(ret_path->data, F_OK) == 0)
        return true;
    str_clear(ret_path);
    str_addf(ret_path, "%s/%s", DRIFTOP_PKGDATADIR, file);
    return !ret_path->failed && access(ret_path->data, F_OK) == 0;
}

int theme_load(const char *name, struct theme *ret, struct err *e)
{
    struct str path;
    int rc = 0;

    if (strchr(name, '/'))
        return load_file(name, ret, e);
    str_init(&path, 0);
    /* A file called default.yaml wins over the built-in one: that is how one changes it. */
    if (find_file(name, &path))
        rc = load_file(path.data, ret, e);
    else if (!theme_builtin(name, ret))
        rc = err_set(e, ERR_ABSENT,
                     "there is no theme '%s': neither among driftop's own (default, mono) nor as "
                     "themes/%s.yaml in the configuration folder",
                     name, name);
    str_done(&path);
    return rc;
}

struct rgb {
    int red, green, blue;
};

/* xterm's palette: 16 named colours, a cube of 6 x 6 x 6, 24 grays. */
static struct rgb palette(int color)
{
    static const int steps[] = {0, 95, 135, 175, 215, 255};

    if (color >= 232) {
        int gray = 8 + (color - 232) * 10;
        return (struct rgb){gray, gray, gray};
    }
    if (color >= 16) {
        int cube = color - 16;
        return (struct rgb){steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6]};
    }
    if (color == 7)
        return (struct rgb){229, 229, 229};
    if (color == 8)
        return (struct rgb){127, 127, 127};
    int full = color >= 8 ? 255 : 205;
    return (struct rgb){color & 1 ? full : 0, color & 2 ? full : 0, color & 4 ? full : 0};
}

static int16_t nearest_of_16(int color)
{
    struct rgb wanted = palette(color);
    int best = 0, least = INT32_MAX;

    for (int i = 0; i < 16; i++) {
        struct rgb c = palette(i);
        int red = c.red - wanted.red, green = c.green - wanted.green, blue = c.blue - wanted.blue;
        int d = red * red + green * green + blue * blue;
        if (d < least) {
            least = d;
            best = i;
        }
    }
    return (int16_t)best;
}

static void adapt_look(struct theme_look *look, int colors)
{
    if (colors < 256) {
        look->fg = look->fg > 15 ? nearest_of_16(look->fg) : look->fg;
        look->bg = look->bg > 15 ? nearest_of_16(look->bg) : look->bg;
    }
    if (colors >= 16)
        return;
    if (look->fg == 8) { /* bright black would be black */
        look->fg = THEME_DEFAULT_COLOR;
        look->attributes |= STYLE_DIM;
    } else if (look->fg > 8) {
        look->fg = (int16_t)(look->fg - 8);
        look->attributes |= STYLE_BOLD;
    }
    /* No attribute makes a background bright; the dark one of the same hue is the nearest. */
    if (look->bg >= 8)
        look->bg = (int16_t)(look->bg - 8);
}

void theme_adapt(struct theme *theme, int colors)
{
    if (colors < 8) {
        theme_builtin("mono", theme);
        return;
    }
    for (int i = 0; i < ROLE_COUNT; i++)
        adapt_look(&theme->looks[i], colors);
}

bool theme_wants_mono(const char *no_color, const char *term)
{
    return (no_color && no_color[0]) || (term && strcmp(term, "dumb") == 0);
}

struct theme_look theme_look(const struct theme *theme, unsigned style)
{
    enum role role = STYLE_ROLE(style);
    struct theme_look look = theme->looks[role < ROLE_COUNT ? role : ROLE_TEXT];

    look.attributes |= (uint16_t)STYLE_ATTRIBUTES(style);
    return look;
}
