# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += docs/ARCHITECTURE.md docs/STATISTICS.md docs/json.md
dist_doc_DATA = README.md docs/CONFIGURATION.md conf/driftop.yaml.example

# The manual pages are made by the program out of its own tables.
manuals = docs/driftop.1 docs/driftop.yaml.5 docs/driftop-keys.7 docs/driftop-json.7
nodist_man_MANS = $(manuals)
CLEANFILES += $(manuals)
make_manual = @$(MKDIR_P) docs && \
	./driftop$(EXEEXT) document man $$(basename $@ | sed 's/\.[0-9]$$//') $(manual_text) >$@-new && mv $@-new $@
docs/driftop-json.7: manual_text = $(srcdir)/docs/json.md

docs/driftop.1 docs/driftop.yaml.5 docs/driftop-keys.7: driftop$(EXEEXT)
	$(make_manual)
docs/driftop-json.7: docs/json.md driftop$(EXEEXT)
	$(make_manual)

# The documents say what is there: tests/docs.
docs_tests = tests/docs/json.py tests/docs/layers.py tests/docs/manuals.py tests/docs/names.py \
	tests/docs/readme.py
script_tests += $(docs_tests)
EXTRA_DIST += $(docs_tests)
