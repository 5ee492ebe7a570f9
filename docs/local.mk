# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += docs/ARCHITECTURE.md

# The documents say what is there: tests/docs.
docs_tests = tests/docs/layers.py tests/docs/names.py tests/docs/readme.py
script_tests += $(docs_tests)
EXTRA_DIST += $(docs_tests)
