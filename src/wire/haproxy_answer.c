/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/haproxy_answer.h"

#include <stdlib.h>

#include "driftop/base/err.h"
#include "driftop/base/utf8.h"
#include "driftop/base/vec.h"
#include "driftop/wire/haproxy.h"
#include "haproxy_private.h"
#include "number_private.h"

bool haproxy_line(struct span *rest, struct span *ret)
{
    if (rest->length == 0)
        return false;
    const char *newline = memchr(rest->data, '\n', rest->length);
    size_t length = newline ? (size_t)(newline - rest->data) : rest->length;
    size_t taken = newline ? length + 1 : length;
    bool cr = newline && length > 0 && rest->data[length - 1] == '\r';
    *ret = (struct span){rest->data, length - cr};
    rest->data += taken;
    rest->length -= taken;
    return true;
}

bool haproxy_blank(struct span line)
{
    for (size_t i = 0; i < line.length; i++)
        if (line.data[i] != ' ' && line.data[i] != '\r')
            return false;
    return true;
}

bool haproxy_contains(struct span text, const char *word)
{
    return text.length > 0 && memmem(text.data, text.length, word, strlen(word));
}

int haproxy_cut_off(struct err *e)
{
    return err_set(e, ERR_PROTOCOL, "the answer is cut off: it has no empty line at its end");
}

/* The first line that says something; without "[3]: ". */
static struct span first_text(const char *bytes, size_t length)
{
    struct span rest = {bytes, length}, line = {NULL, 0};
    while (haproxy_line(&rest, &line) && haproxy_blank(line))
        line.length = 0;
    bool severity = line.length >= 5 && line.data[0] == '[' && memcmp(line.data + 2, "]: ", 3) == 0;
    return severity ? (struct span){line.data + 5, line.length - 5} : line;
}

int haproxy_refusal(const char *bytes, size_t length, struct err *e)
{
    static const struct {
        const char *word;
        int code;
    } words[] = {{"Permission denied", ERR_DENIED},
                 {"No such backend", ERR_ABSENT},
                 {"No such server", ERR_ABSENT},
                 {"No such proxy", ERR_ABSENT},
                 {"Can't find backend", ERR_ABSENT}};
    struct span text = first_text(bytes, length);
    if (text.length == 0)
        return err_set(e, ERR_PROTOCOL, "HAProxy answered nothing");
    int code = ERR_REJECTED;
    for (size_t i = 0; i < sizeof words / sizeof *words && code == ERR_REJECTED; i++)
        if (haproxy_contains(text, words[i].word))
            code = words[i].code;
    char clean[256];
    return err_set(e, code, "HAProxy says: %s",
                   utf8_clean(clean, sizeof clean, text.data, text.length));
}

int haproxy_parse_setter(const char *bytes, size_t length, struct err *e)
{
    return first_text(bytes, length).length == 0 ? 0 : haproxy_refusal(bytes, length, e);
}

int haproxy_parse_weight(const char *bytes, size_t length, struct haproxy_weight *ret,
                         struct err *e)
{
    static const char initial_word[] = " (initial ";
    *ret = (struct haproxy_weight){0};
    struct span text = first_text(bytes, length);
    if (text.length == 0)
        return haproxy_refusal(bytes, length, e);
    size_t digits = 0;
    while (digits < text.length && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    int64_t current, initial;
    if (!number_int(text.data, digits, &current) || current > HAPROXY_WEIGHT_MAX)
        return haproxy_refusal(bytes, length, e);
    ret->current = (int)current;
    struct span rest = {text.data + digits, text.length - digits};
    if (!span_starts(rest, initial_word))
        return haproxy_blank(rest) ? 0 : haproxy_refusal(bytes, length, e);
    rest.data += sizeof initial_word - 1;
    const char *close = memchr(rest.data, ')', text.data + text.length - rest.data);
    if (close && number_int(rest.data, (size_t)(close - rest.data), &initial) && initial >= 0 &&
        initial <= HAPROXY_WEIGHT_MAX) {
        ret->initial = (int)initial;
        ret->has_initial = true;
    }
    return 0;
}

static void copy_clean(char *buf, size_t size, struct span text)
{
    utf8_clean(buf, size, text.data, text.length);
}

/* One line "Key: value" into the member it is for. */
static void put_info(struct haproxy_info *info, struct span key, struct span value)
{
    struct {
        const char *key;
        bool *has;
        int64_t *number;
    } numbers[] = {{"Pid", &info->has_pid, &info->pid},
                   {"Uptime_sec", &info->has_uptime, &info->uptime_s},
                   {"Maxconn", &info->has_max_connections, &info->max_connections},
                   {"CurrConns", &info->has_connections, &info->connections}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (span_is(key, numbers[i].key))
            *numbers[i].has = number_int(value.data, value.length, numbers[i].number);
    if (span_is(key, "Version"))
        copy_clean(info->version, sizeof info->version, value);
    if (span_is(key, "node"))
        copy_clean(info->node, sizeof info->node, value);
}

/* "Key: value" cut at its colon, without blanks; false when there is no colon. */
static bool split_info(struct span line, struct span *ret_key, struct span *ret_value)
{
    const char *colon = line.length ? memchr(line.data, ':', line.length) : NULL;
    if (!colon)
        return false;
    struct span key = {line.data, (size_t)(colon - line.data)};
    struct span value = {colon + 1, line.length - key.length - 1};
    while (value.length > 0 && value.data[0] == ' ')
        value = (struct span){value.data + 1, value.length - 1};
    while (value.length > 0 && value.data[value.length - 1] == '\r')
        value.length--;
    *ret_key = key;
    *ret_value = value;
    return true;
}

int haproxy_parse_info(const char *bytes, size_t length, struct haproxy_info *ret, struct err *e)
{
    *ret = (struct haproxy_info){0};
    struct span rest = {bytes, length}, line, key, value;
    bool whole = false;
    while (!whole && haproxy_line(&rest, &line)) {
        whole = haproxy_blank(line);
        if (split_info(line, &key, &value))
            put_info(ret, key, value);
    }
    if (!ret->has_pid && !ret->has_uptime && !ret->version[0])
        return haproxy_refusal(bytes, length, e);
    return whole ? 0 : haproxy_cut_off(e);
}

/* The columns of `show servers state` that are read. */
enum server_column {
    BE_ID,
    BE_NAME,
    SRV_NAME,
    SRV_ADDR,
    OP_STATE,
    ADMIN_STATE,
    UWEIGHT,
    IWEIGHT,
    PORT,
    N_SERVER_COLUMNS
};

/* Words between blanks. */
static bool take_word(struct span *line, struct span *ret)
{
    while (line->length > 0 && (*line->data == ' ' || *line->data == '\r'))
        *line = (struct span){line->data + 1, line->length - 1};
    size_t n = 0;
    while (n < line->length && line->data[n] != ' ' && line->data[n] != '\r')
        n++;
    *ret = (struct span){line->data, n};
    *line = (struct span){line->data + n, line->length - n};
    return n > 0;
}

/* position[column] is the index of its word. */
static int read_server_columns(struct span line, int position[N_SERVER_COLUMNS], struct err *e)
{
    static const char *const names[N_SERVER_COLUMNS] = {
        "be_id",           "be_name",     "srv_name",    "srv_addr", "srv_op_state",
        "srv_admin_state", "srv_uweight", "srv_iweight", "srv_port"};
    for (int c = 0; c < N_SERVER_COLUMNS; c++)
        position[c] = -1;
    struct span word;
    take_word(&line, &word); /* the "#" */
    for (int i = 0; take_word(&line, &word) && i < HAPROXY_CELLS; i++)
        for (int c = 0; c < N_SERVER_COLUMNS; c++)
            if (span_is(word, names[c]))
                position[c] = i;
    if (position[BE_NAME] >= 0 && position[SRV_NAME] >= 0)
        return 0;
    return err_set(e, ERR_PROTOCOL, "the server state has no columns be_name and srv_name");
}

/* The row may be shorter than the header: then the number is absent. */
static bool number_at(const struct span *cells, int position, int n_cells, int64_t *ret)
{
    return position >= 0 && position < n_cells &&
           number_int(cells[position].data, cells[position].length, ret);
}

static int read_server(struct haproxy_servers *s, const int position[N_SERVER_COLUMNS],
                       struct span line, struct err *e)
{
    struct span cells[HAPROXY_CELLS];
    int n = 0;
    while (n < HAPROXY_CELLS && take_word(&line, &cells[n]))
        n++;
    if (position[BE_NAME] >= n || position[SRV_NAME] >= n)
        return err_set(e, ERR_PROTOCOL, "a line of the server state has no names");
    if (s->n_rows >= HAPROXY_ROWS)
        return err_set(e, ERR_LIMIT, "more than %d servers", HAPROXY_ROWS);
    if (VEC_ROOM(s->rows, s->n_rows, s->rows_capacity, 1) < 0)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    struct haproxy_server *r = &s->rows[s->n_rows++];
    *r = (struct haproxy_server){.backend = cells[position[BE_NAME]],
                                 .name = cells[position[SRV_NAME]]};
    if (position[BE_ID] >= 0 && position[BE_ID] < n)
        r->backend_id = cells[position[BE_ID]];
    if (position[SRV_ADDR] >= 0 && position[SRV_ADDR] < n)
        r->addr = cells[position[SRV_ADDR]];
    r->has_op_state = number_at(cells, position[OP_STATE], n, &r->op_state);
    r->has_admin_state = number_at(cells, position[ADMIN_STATE], n, &r->admin_state);
    r->has_uweight = number_at(cells, position[UWEIGHT], n, &r->uweight);
    r->has_iweight = number_at(cells, position[IWEIGHT], n, &r->iweight);
    r->has_port = number_at(cells, position[PORT], n, &r->port);
    return 0;
}

int haproxy_parse_servers(const char *bytes, size_t length, struct haproxy_servers *ret,
                          struct err *e)
{
    *ret = (struct haproxy_servers){0};
    int64_t version;
    if (length > HAPROXY_ANSWER_BYTES)
        return err_set(e, ERR_LIMIT, "the answer is larger than %zu bytes", HAPROXY_ANSWER_BYTES);
    ret->text = malloc(length + 1);
    if (!ret->text)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    memcpy(ret->text, bytes, length);
    struct span rest = {ret->text, length}, line = {NULL, 0};
    if (!haproxy_line(&rest, &line) || !number_int(line.data, line.length, &version))
        return haproxy_refusal(bytes, length, e);
    if (version != 1)
        return err_set(e, ERR_VERSION, "server state version %lld is not known",
                       (long long)version);
    int position[N_SERVER_COLUMNS];
    if (!haproxy_line(&rest, &line) || !span_starts(line, "# "))
        return err_set(e, ERR_PROTOCOL, "the server state has no line of columns");
    bool whole = false;
    int result = read_server_columns(line, position, e);
    while (result == 0 && !whole && haproxy_line(&rest, &line)) {
        whole = haproxy_blank(line);
        if (!whole)
            result = read_server(ret, position, line, e);
    }
    return result == 0 && !whole ? haproxy_cut_off(e) : result;
}

void haproxy_servers_done(struct haproxy_servers *s)
{
    free(s->rows);
    free(s->text);
    *s = (struct haproxy_servers){0};
}
