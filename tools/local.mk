# SPDX-License-Identifier: GPL-3.0-or-later
# Each rule of the code is a script that `make check` runs on the tree, and a test that breaks the rule
# on a copy of a small one.
checks = tools/check-banned tools/check-format tools/check-layers tools/check-size
check_tests = tests/tools/banned.py tests/tools/bootstrap.py tests/tools/format.py tests/tools/layers.py tests/tools/size.py
script_tests += $(checks) $(check_tests)
EXTRA_DIST += $(checks) $(check_tests) tools/csource.py tests/tools/broken_tree.py
