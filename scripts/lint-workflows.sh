#!/usr/bin/env bash
# actionlint and zizmor on every workflow that is shipped. They are fetched once into a cache; where they cannot be, that is
# said loudly, and nothing is claimed.
set -euo pipefail
cd "$(dirname "$0")/.."
actionlint_version=v1.7.7
zizmor_version=1.32.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fieldproof-lint/$actionlint_version-$zizmor_version
mapfile -t workflows < <(git ls-files --cached --others --exclude-standard -- '.github/workflows/*.yml' 'cli/init/workflows/*.yml' 'examples/*/repository/.github/workflows/*.yml')

actionlint=$cache/actionlint
if [ ! -x "$actionlint" ] && command -v go >/dev/null; then
  GOBIN=$cache go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint_version" >/dev/null 2>&1 || true
fi
zizmor=$cache/venv/bin/zizmor
if [ ! -x "$zizmor" ] && command -v python3 >/dev/null; then
  mkdir -p "$cache"
  { python3 -m venv "$cache/venv" && "$cache/venv/bin/pip" install --quiet "zizmor==$zizmor_version"; } >"$cache/zizmor.log" 2>&1 || true
fi

skipped=0
if [ -x "$actionlint" ]; then "$actionlint" "${workflows[@]}"; else skipped=1; echo 'lint-workflows: SKIPPED actionlint: it needs Go and the Go module proxy' >&2; fi
if [ -x "$zizmor" ]; then "$zizmor" --offline --quiet "${workflows[@]}" action.yml; else skipped=1; echo 'lint-workflows: SKIPPED zizmor: it needs Python and PyPI' >&2; fi
[ "$skipped" = 1 ] || echo "lint-workflows: ${#workflows[@]} workflows and action.yml are clean"
