# SPDX-License-Identifier: GPL-3.0-or-later
themesdir = $(pkgdatadir)/themes
dist_themes_DATA = themes/default.yaml themes/mono.yaml
