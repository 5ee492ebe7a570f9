/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/act/phase.h"

#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"

static const struct {
    const char *word;
    bool final;
    int status;
} phases[] = {
#define X(id, word, final, status) [id] = {word, final, status},
    ACT_PHASES(X)
#undef X
};

#define N_PHASES (sizeof phases / sizeof *phases)

const char *act_phase_name(enum act_phase phase)
{
    return (size_t)phase < N_PHASES ? phases[phase].word : "?";
}

bool act_phase_from_name(const char *name, enum act_phase *ret)
{
    for (size_t i = 0; i < N_PHASES; i++)
        if (strcmp(phases[i].word, name) == 0) {
            *ret = (enum act_phase)i;
            return true;
        }
    return false;
}

bool act_phase_final(enum act_phase phase)
{
    return (size_t)phase < N_PHASES && phases[phase].final;
}

int act_exit_status(enum act_phase phase)
{
    return (size_t)phase < N_PHASES ? phases[phase].status : 70;
}

char *act_by(char *buf, size_t size)
{
    char store[1024];
    struct passwd entry, *found = NULL;
    const char *sudo = getenv("SUDO_USER"), *ssh = getenv("SSH_CONNECTION");
    struct str text;

    str_init(&text, 1024);
    if (getpwuid_r(getuid(), &entry, store, sizeof store, &found) == 0 && found)
        str_add(&text, found->pw_name);
    else
        str_addf(&text, "uid %u", (unsigned)getuid());
    str_add(&text, " (claimed");
    if (sudo && sudo[0])
        str_addf(&text, "; sudo by %.64s", sudo);
    if (ssh && ssh[0])
        str_addf(&text, "; ssh %.*s", (int)strcspn(ssh, " "), ssh);
    str_add_char(&text, ')');
    utf8_clean(buf, size, text.data, text.length);
    str_done(&text);
    return buf;
}

/* Seconds and three random characters, without letters that look like digits. */
char *act_new_id(long long now_ms, char *buf, size_t size)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint32_t chance = 0;
    uint64_t number = (uint64_t)(now_ms / 1000);
    char text[16];

    if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) != (ssize_t)sizeof chance)
        chance = (uint32_t)getpid() * 2654435761u ^ (uint32_t)now_ms;
    number = number << 15 | (chance & 0x7fff);
    size_t n = sizeof text;
    text[--n] = '\0';
    for (int i = 0; i < 10; i++, number >>= 5)
        text[--n] = letters[number & 31];
    return str_copy(buf, size, text + n);
}
