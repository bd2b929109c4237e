#!/usr/bin/env bash
# Draws the Mermaid diagrams of docs/ for the console's handbook, which shows no scripts' work: docs/pictures/diagrams/DIGEST.svg, named after a
# digest of the diagram's source. A test says when one is missing. Needs Node.js and Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
pictures=$PWD/docs/pictures/diagrams
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "There is no Chromium: sudo apt-get install chromium" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$pictures"
printf '{ "executablePath": "%s", "args": ["--no-sandbox"] }' "$chromium" > "$work/browser.json"

# Each diagram in a file of its own.
awk -v folder="$work" '/^```mermaid/ { file = folder "/" ++count ".mmd"; next } /^```/ { file = "" } file { print > file }' $(find docs -name '*.md' | sort)
for source in "$work"/*.mmd; do
    digest=$(sha256sum "$source" | cut -c 1-12)
    touch "$work/$digest.wanted"
    [ -e "$pictures/$digest.svg" ] || PUPPETEER_SKIP_DOWNLOAD=1 npx --yes @mermaid-js/mermaid-cli@11.17.0 \
        --quiet --puppeteerConfigFile "$work/browser.json" --backgroundColor transparent --input "$source" --output "$pictures/$digest.svg"
done
for picture in "$pictures"/*.svg; do
    [ -e "$work/$(basename "$picture" .svg).wanted" ] || rm "$picture"
done
