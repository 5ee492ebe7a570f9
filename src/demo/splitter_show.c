/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/splitter_show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/str.h"
#include "driftop/demo/splitter.h"

#define CELL_SIZE   SPLITTER_NAME_SIZE
#define CELLS       128
#define FIRST_BE_ID 2 /* HAProxy counts its own proxy first */

/* A line of counters: every column that nobody sets is as in `blank`, a line of HAProxy's own with
 * nothing in it. */
struct line {
    char cells[CELLS][CELL_SIZE];
    size_t n_cells;
};

static const char columns[] =
    "pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,"
    "status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,"
    "tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,"
    "hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,req_tot,cli_abrt,"
    "srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,"
    "ttime,agent_status,agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,"
    "check_health,agent_rise,agent_fall,agent_health,addr,cookie,mode,algo,conn_rate,"
    "conn_rate_max,conn_tot,intercepted,dcon,dses,wrew,connect,reuse,cache_lookups,cache_hits,"
    "srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,ttime_max,eint,idle_conn_cur,safe_conn_cur,"
    "used_conn_cur,need_conn_est,uweight,agg_server_status,agg_server_check_status,"
    "agg_check_status,-";
static const char blank_server[] =
    ",,0,0,0,0,,0,0,0,,0,,0,0,0,0,,0,1,0,,,0,,,1,0,0,,0,,2,0,,0,,,,0,0,0,0,0,0,,,,0,0,0,,,,,-1,,,"
    "0,0,0,0,,,,,,,,,,,,,,http,,,,,,,,0,0,0,,,0,,0,0,0,0,0,0,0,0,0,0,,,,-";
static const char blank_backend[] =
    ",BACKEND,0,0,0,0,1,0,0,0,0,0,,0,0,0,0,,0,0,0,,0,0,0,,1,0,0,,0,,1,0,,0,,,,0,0,0,0,0,0,,,,0,0,0,"
    "0,0,0,0,-1,,,0,0,0,0,,,,,,,,,,,,,,http,roundrobin,,,,,,,0,0,0,0,0,,,0,0,0,0,0,,,,,0,0,0,0,-";

static void line_begin(struct line *l, const char *blank)
{
    l->n_cells = 0;
    for (;; blank++) {
        size_t length = strcspn(blank, ",");
        snprintf(l->cells[l->n_cells++], CELL_SIZE, "%.*s", (int)length, blank);
        blank += length;
        if (*blank == '\0')
            return;
    }
}

/* The place of a column in every line. */
static size_t column(const char *name)
{
    size_t i = 0, wanted = strlen(name);

    for (const char *at = columns;; at += strcspn(at, ",") + 1, i++)
        if (strcspn(at, ",") == wanted && memcmp(at, name, wanted) == 0)
            return i;
}

__attribute__((format(printf, 3, 4))) static void line_set(struct line *l, const char *name,
                                                           const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(l->cells[column(name)], CELL_SIZE, format, ap);
    va_end(ap);
}

static void line_end(const struct line *l, struct str *ret)
{
    for (size_t i = 0; i < l->n_cells; i++)
        str_addf(ret, "%s,", l->cells[i]);
    str_add_char(ret, '\n');
}

static void set_counters(struct line *l, const struct splitter_server *sum)
{
    line_set(l, "stot", "%" PRIu64, sum->given);
    line_set(l, "lbtot", "%" PRIu64, sum->given);
    line_set(l, "bin", "%" PRIu64, sum->bytes_in);
    line_set(l, "bout", "%" PRIu64, sum->bytes_out);
    line_set(l, "econ", "%" PRIu64, sum->refused);
    line_set(l, "hrsp_2xx", "%" PRIu64, sum->answered);
    line_set(l, "hrsp_5xx", "%" PRIu64, sum->failed);
    line_set(l, "connect", "%" PRIu64, sum->given);
    line_set(l, "rtime", "%.0f", sum->response_ms);
    line_set(l, "ttime", "%.0f", sum->response_ms);
    if (sum->given > 0)
        line_set(l, "lastsess", "0");
}

static int64_t age_s(const struct splitter *s, int64_t since_ms)
{
    return (clock_mono(s->clock) - s->started_ms - since_ms) / 1000;
}

static const char *status_of(const struct splitter_server *server)
{
    static const char *const words[] = {"no check", "DRAIN", "MAINT"};
    return words[server->admin];
}

static void show_server(const struct splitter *s, size_t backend, size_t index, struct str *ret)
{
    const struct splitter_backend *b = &s->backends[backend];
    const struct splitter_server *server = &b->servers[index];
    struct line l;

    line_begin(&l, blank_server);
    line_set(&l, "pxname", "%s", b->name);
    line_set(&l, "svname", "%s", server->name);
    line_set(&l, "status", "%s", status_of(server));
    line_set(&l, "weight", "%d", server->weight);
    line_set(&l, "uweight", "%d", server->weight);
    line_set(&l, "lastchg", "%" PRId64, age_s(s, server->changed_ms));
    line_set(&l, "iid", "%zu", backend + FIRST_BE_ID);
    line_set(&l, "sid", "%zu", index + 1);
    line_set(&l, "addr", "127.0.0.1:%d", server->port);
    set_counters(&l, server);
    line_end(&l, ret);
}

static void show_backend(const struct splitter *s, size_t backend, struct str *ret)
{
    const struct splitter_backend *b = &s->backends[backend];
    struct splitter_server sum = {.given = b->unserved, .failed = b->unserved};
    struct line l;
    int active = 0;

    for (size_t i = 0; i < b->n_servers; i++) {
        const struct splitter_server *server = &b->servers[i];
        active += splitter_serves(server);
        sum.weight += splitter_serves(server) ? server->weight : 0;
        sum.given += server->given;
        sum.answered += server->answered;
        sum.failed += server->failed;
        sum.refused += server->refused;
        sum.bytes_in += server->bytes_in;
        sum.bytes_out += server->bytes_out;
        if (server->response_ms > sum.response_ms)
            sum.response_ms = server->response_ms;
    }
    line_begin(&l, blank_backend);
    line_set(&l, "pxname", "%s", b->name);
    line_set(&l, "status", "%s", active ? "UP" : "DOWN");
    line_set(&l, "weight", "%d", sum.weight);
    line_set(&l, "uweight", "%d", sum.weight);
    line_set(&l, "act", "%d", active);
    line_set(&l, "lastchg", "%" PRId64, age_s(s, 0));
    line_set(&l, "iid", "%zu", backend + FIRST_BE_ID);
    set_counters(&l, &sum);
    line_end(&l, ret);
}

static bool is_backend(const struct splitter *s, size_t i, const char *wanted)
{
    char number[24];

    snprintf(number, sizeof number, "%zu", i + FIRST_BE_ID);
    return !wanted || strcmp(wanted, s->backends[i].name) == 0 || strcmp(wanted, number) == 0;
}

void splitter_show_stat(const struct splitter *s, const char *backend, int rows, int server,
                        struct str *ret)
{
    bool found = !backend;

    for (size_t i = 0; i < s->n_backends; i++)
        found = found || is_backend(s, i, backend);
    if (!found) {
        str_add(ret, "No such proxy.\n\n");
        return;
    }
    str_addf(ret, "# %s,\n", columns);
    for (size_t i = 0; i < s->n_backends; i++) {
        if (!is_backend(s, i, backend))
            continue;
        for (size_t k = 0; (rows & SPLITTER_ROWS_SERVER) && k < s->backends[i].n_servers; k++)
            if (server < 0 || server == (int)k + 1)
                show_server(s, i, k, ret);
        if (rows & SPLITTER_ROWS_BACKEND)
            show_backend(s, i, ret);
    }
    str_add_char(ret, '\n');
}

void splitter_show_servers(const struct splitter *s, const char *backend, struct str *ret)
{
    static const int states[] = {2, 2, 0}, flags[] = {0, 8, 1}, results[] = {2, 2, 0};

    str_add(ret, "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state "
                 "srv_uweight srv_iweight srv_time_since_last_change srv_check_status "
                 "srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id "
                 "srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port "
                 "srv_check_addr srv_agent_addr srv_agent_port\n");
    for (size_t i = 0; i < s->n_backends; i++) {
        const struct splitter_backend *b = &s->backends[i];
        if (backend && strcmp(backend, b->name) != 0)
            continue;
        for (size_t k = 0; k < b->n_servers; k++) {
            const struct splitter_server *v = &b->servers[k];
            str_addf(ret,
                     "%zu %s %zu %s 127.0.0.1 %d %d %d %d %" PRId64
                     " 1 0 %d 0 0 0 0 - %d - 0 0 - - 0\n",
                     i + FIRST_BE_ID, b->name, k + 1, v->name, states[v->admin], flags[v->admin],
                     v->weight, v->initial, age_s(s, v->changed_ms), results[v->admin], v->port);
        }
    }
    str_add_char(ret, '\n');
}

void splitter_show_info(const struct splitter *s, struct str *ret)
{
    int64_t uptime_s = age_s(s, 0);

    str_addf(ret,
             "Name: HAProxy\nVersion: 2.6.12-driftop-demo\nRelease_date: 2023/03/28\nNbthread: 1\n"
             "Nbproc: 1\nProcess_num: 1\nPid: %ld\n",
             (long)getpid());
    str_addf(ret, "Uptime: %" PRId64 "d %" PRId64 "h%02" PRId64 "m%02" PRId64 "s\n",
             uptime_s / 86400, uptime_s / 3600 % 24, uptime_s / 60 % 60, uptime_s % 60);
    str_addf(ret, "Uptime_sec: %" PRId64 "\nMaxconn: 2000\nCurrConns: 0\nCumReq: %" PRIu64 "\n",
             uptime_s, s->n_commands);
    str_add(ret, "node: demo\n\n");
}

void splitter_show_backends(const struct splitter *s, struct str *ret)
{
    str_add(ret, "# name\n");
    for (size_t i = 0; i < s->n_backends; i++)
        str_addf(ret, "%s\n", s->backends[i].name);
    str_add_char(ret, '\n');
}
