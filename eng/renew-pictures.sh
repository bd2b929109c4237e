#!/usr/bin/env bash
# Renews the pictures of the console that README.md shows, by the browser tests, which take one of every page.
set -euo pipefail
cd "$(dirname "$0")/.."
./test.sh Console
for picture in docs/pictures/*.png; do
    cp "tests/Console.Tests/bin/Debug/net10.0/screenshots/$(basename "$picture")" "$picture"
done
echo "Renewed docs/pictures. Look at them before you commit."
