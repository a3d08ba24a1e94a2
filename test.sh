#!/usr/bin/env bash
# Everything that CI runs: format, lint, types, tests. Arguments go to pytest (./test.sh tests/reranker -m "not slow").
set -euo pipefail
cd "$(dirname "$0")"
WITH_CLIENTS=1
. scripts/environment.sh
. scripts/browser.sh

"$VENV/bin/ruff" format --check .
"$VENV/bin/ruff" check .
"$VENV/bin/mypy"
exec "$VENV/bin/pytest" "$@"
