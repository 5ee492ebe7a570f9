/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

static struct yaml *parsed(const char *text)
{
    struct yaml *doc = NULL;
    struct err e;

    if (yaml_parse(text, strlen(text), "test.yaml", &doc, &e) != 0)
        fail_msg("%d:%d: %s", e.line, e.column, e.text);
    return doc;
}

static void refused(const char *text, int line, int column)
{
    struct yaml *doc = NULL;
    struct err e = {0};

    if (yaml_parse(text, strlen(text), "test.yaml", &doc, &e) != ERR_CONFIG)
        fail_msg("taken: %s", text);
    assert_null(doc);
    assert_string_equal(e.where, "test.yaml");
    if (e.line != line || (column > 0 && e.column != column))
        fail_msg("%s: at %d:%d: %s", text, e.line, e.column, e.text);
}

static void test_tree_with_positions(void **state)
{
    struct yaml *doc = parsed("environment: prod\n"
                              "poll: {interval: 5s, \"timeout\": '3'}\n"
                              "list:\n"
                              "  - a\n"
                              "  - {b: c}\n");
    const struct yaml_node *root = yaml_root(doc), *poll = yaml_get(root, "poll"), *list;

    (void)state;
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->n_children, 6);
    assert_string_equal(root->children[0]->text, "environment");
    assert_string_equal(yaml_get(root, "environment")->text, "prod");
    assert_int_equal(yaml_get(root, "environment")->column, 14);
    assert_int_equal(poll->kind, YAML_MAP);
    assert_int_equal(poll->line, 2);
    assert_string_equal(poll->text, "");
    assert_false(yaml_get(poll, "interval")->quoted);
    assert_true(yaml_get(poll, "timeout")->quoted);
    list = yaml_get(root, "list");
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->n_children, 2);
    assert_int_equal(list->children[0]->line, 4);
    assert_int_equal(list->children[0]->column, 5);
    assert_string_equal(yaml_get(list->children[1], "b")->text, "c");
    assert_null(yaml_get(root, "nothing"));
    assert_null(yaml_get(list, "a"));
    assert_null(yaml_get(NULL, "a"));
    yaml_document_free(doc);
    yaml_document_free(NULL);
}

static void test_empty_is_an_empty_map(void **state)
{
    static const char *const empty[] = {"", "\n", "# only a remark\n", "---\n", "---\n...\n"};

    (void)state;
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        struct yaml *doc = parsed(empty[i]);

        assert_int_equal(yaml_root(doc)->kind, YAML_MAP);
        assert_int_equal(yaml_root(doc)->n_children, 0);
        assert_int_equal(yaml_root(doc)->line, 1);
        yaml_document_free(doc);
    }
}

static void test_block_texts_are_quoted(void **state)
{
    struct yaml *doc = parsed("a: |\n  12\nb: 12\nc: \"\"\nd:\n");

    (void)state;
    assert_true(yaml_get(yaml_root(doc), "a")->quoted);
    assert_string_equal(yaml_get(yaml_root(doc), "a")->text, "12\n");
    assert_false(yaml_get(yaml_root(doc), "b")->quoted);
    assert_true(yaml_get(yaml_root(doc), "c")->quoted);
    assert_false(yaml_get(yaml_root(doc), "d")->quoted);
    assert_string_equal(yaml_get(yaml_root(doc), "d")->text, "");
    yaml_document_free(doc);
}

static void test_mistakes_have_positions(void **state)
{
    (void)state;
    refused("a: 1\nb: 2\na: 3\n", 3, 1);
    refused("x: {a: 1, b: 2, \"a\": 3}\n", 1, 17);
    refused("a: [1, 2\n", 2, 1);
    refused("a: 'x\n", 2, 0);
    refused("a: b: c\n", 1, 5);
    refused("\ta: b\n", 1, 1);
    refused("a: *nobody\n", 1, 4);
    refused("? [a, b]\n: c\n", 1, 3);
    refused("a: 1\n---\nb: 2\n", 2, 1);
    refused("a: \"x\\0y\"\n", 1, 4);
    refused("a: 1\nb: \xff\n", 2, 4);
    refused("a: 1\nb: \x01\n", 2, 4);
    refused("%YAML 9.9\n---\na: 1\n", 1, 1);
}

/* Whoever wants all mistakes gets the tree without the second ones, and their places. */
static void test_repeated_keys_are_listed(void **state)
{
    static const char text[] = "a: 1\nb: {c: [x], c: &d {a: 2}, e: *d}\na: {a: 3, a: 4}\nf: 5\n";
    struct yaml *doc;

    (void)state;
    assert_int_equal(yaml_parse_all(text, strlen(text), "t", &doc, NULL), 0);
    const struct yaml_node *root = yaml_root(doc), *b = yaml_get(root, "b");
    assert_int_equal(root->n_children, 6);
    assert_string_equal(yaml_get(root, "a")->text, "1");
    assert_string_equal(yaml_get(root, "f")->text, "5");
    assert_int_equal(b->n_children, 4);
    assert_int_equal(yaml_get(b, "c")->kind, YAML_LIST);
    assert_string_equal(yaml_get(yaml_get(b, "e"), "a")->text, "2");
    static const int places[][2] = {{2, 13}, {3, 1}, {3, 11}};
    for (size_t i = 0; i < 3; i++) {
        const struct yaml_node *key = yaml_repeated(doc, i);
        assert_non_null(key);
        assert_int_equal(key->line, places[i][0]);
        assert_int_equal(key->column, places[i][1]);
    }
    assert_null(yaml_repeated(doc, 3));
    yaml_document_free(doc);
}

static void test_equal_keys_in_other_maps_are_fine(void **state)
{
    struct yaml *doc = parsed("a: {a: {a: 1}}\nb: {a: 1}\n");

    (void)state;
    assert_string_equal(yaml_get(yaml_get(yaml_get(yaml_root(doc), "a"), "a"), "a")->text, "1");
    yaml_document_free(doc);
}

static void test_aliases_are_followed(void **state)
{
    struct yaml *doc = parsed("base: &b {x: 1}\nuse: *b\nword: &w hello\nmore: [*w, *w]\n");
    const struct yaml_node *root = yaml_root(doc);

    (void)state;
    assert_string_equal(yaml_get(yaml_get(root, "use"), "x")->text, "1");
    assert_string_equal(yaml_get(root, "more")->children[1]->text, "hello");
    yaml_document_free(doc);
}

/* "A billion laughs": nine levels of nine aliases each. */
static void test_anchor_bomb(void **state)
{
    struct str s;

    (void)state;
    str_init(&s, 0);
    str_add(&s, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
        str_addf(&s, "a%d: &a%d [", i, i);
        for (int j = 0; j < 9; j++)
            str_addf(&s, "%s*a%d", j ? ", " : "", i - 1);
        str_add(&s, "]\n");
    }
    refused(s.data, 6, 10);
    str_done(&s);
}

static void test_no_node_contains_itself(void **state)
{
    (void)state;
    refused("a: &a [*a]\n", 1, 8);
    refused("a: &a {b: *a}\n", 1, 11);
}

/* Fills s with n times text. */
static void repeat(struct str *s, const char *text, int n)
{
    for (int i = 0; i < n; i++)
        assert_int_equal(str_add(s, text), 0);
}

static void test_depth_and_number_are_bounded(void **state)
{
    struct yaml *doc;
    struct str s;

    (void)state;
    str_init(&s, 0);
    repeat(&s, "[", 60);
    repeat(&s, "]", 60);
    doc = parsed(s.data);
    yaml_document_free(doc);
    str_clear(&s);
    repeat(&s, "[", 100000);
    refused(s.data, 1, 65);
    str_clear(&s);
    repeat(&s, "- x\n", 100001);
    refused(s.data, 100000, 3);
    str_done(&s);
}

/* Looking for a second key must not take quadratic time. */
static void test_many_keys(void **state)
{
    struct yaml *doc;
    struct str s;

    (void)state;
    str_init(&s, 0);
    for (int i = 0; i < 40000; i++)
        str_addf(&s, "k%d: v\n", i);
    doc = parsed(s.data);
    assert_int_equal(yaml_root(doc)->n_children, 80000);
    assert_string_equal(yaml_get(yaml_root(doc), "k39999")->text, "v");
    yaml_document_free(doc);
    str_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_with_positions),
        cmocka_unit_test(test_empty_is_an_empty_map),
        cmocka_unit_test(test_block_texts_are_quoted),
        cmocka_unit_test(test_mistakes_have_positions),
        cmocka_unit_test(test_repeated_keys_are_listed),
        cmocka_unit_test(test_equal_keys_in_other_maps_are_fine),
        cmocka_unit_test(test_aliases_are_followed),
        cmocka_unit_test(test_anchor_bomb),
        cmocka_unit_test(test_no_node_contains_itself),
        cmocka_unit_test(test_depth_and_number_are_bounded),
        cmocka_unit_test(test_many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
