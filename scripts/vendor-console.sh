#!/usr/bin/env bash
# Renews the console's libraries from npm: src/Api/Console/wwwroot/vendor and its versions.json.
# Usage: scripts/vendor-console.sh [LIT_HTML_VERSION CHART_JS_VERSION]
set -euo pipefail
cd "$(dirname "$0")/.."

target=src/Api/Console/wwwroot/vendor
lit=${1:-3.3.3}
chart=${2:-4.6.1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unpack() {
  mkdir "$work/$1"
  (cd "$work" && tar xzf "$(npm pack --silent "$1@$2")" -C "$1" --strip-components=1)
}

unpack lit-html "$lit"
unpack chart.js "$chart"
mkdir -p "$target"
rm -f "$target"/*
cp "$work/lit-html/lit-html.js" "$target/lit-html.js"
cp "$work/lit-html/LICENSE" "$target/lit-html.LICENSE.txt"
cp "$work/chart.js/dist/chart.umd.min.js" "$target/chart.js"
cp "$work/chart.js/LICENSE.md" "$target/chart.LICENSE.txt"

hash() { sha256sum "$target/$1" | cut -d' ' -f1; }
cat > "$target/versions.json" <<JSON
{
  "lit-html.js": { "package": "lit-html", "version": "$lit", "licence": "BSD-3-Clause", "sha256": "$(hash lit-html.js)" },
  "chart.js": { "package": "chart.js", "version": "$chart", "licence": "MIT", "sha256": "$(hash chart.js)" }
}
JSON
