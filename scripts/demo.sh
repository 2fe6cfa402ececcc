#!/usr/bin/env bash
# From nothing to a graph: installs the project into .venv, builds the graph of examples/, exports it as Turtle, makes
# the page. Run it from anywhere; a second run is fast and needs no network.
#
#   scripts/demo.sh [FOLDER]     where the results go (default: demo-out)
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

OUT=${1:-$ROOT/demo-out}
mkdir -p "$OUT"
OUT=$(cd "$OUT" && pwd)
STORE=$OUT/store
TURTLE=$OUT/graph.ttl
PAGE=$OUT/graph.html
KG=$VENV/bin/kg

install_project formats
"$KG" build "$ROOT/examples" --store "$STORE"
"$KG" export --store "$STORE" --format turtle --output "$TURTLE" --force
"$KG" viz --store "$STORE" --output "$PAGE" --force

printf '\n'
say "完成。结果在这里：" "Done. The results are here:"
say "  图谱库  $STORE" "  store   $STORE"
say "  Turtle  $TURTLE" "  Turtle  $TURTLE"
say "  网页    $PAGE （用浏览器打开，无需联网）" "  page    $PAGE (open it in a browser; no network needed)"
