# SPDX-License-Identifier: GPL-3.0-or-later
# The journey against real peers, docs/PEERS.md: not in `make check`, as it needs a package index.
EXTRA_DIST += docs/PEERS.md \
	tests/peers/run \
	tests/peers/driftop.py \
	tests/peers/environment.py \
	tests/peers/processes.py \
	tests/peers/sender.py \
	tests/peers/servers.py \
	tests/peers/terminal.py \
	tests/peers/train.py \
	tests/peers/requirements-mlflow.txt \
	tests/peers/requirements-mlserver.txt
