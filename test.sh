#!/usr/bin/env bash
# Runs all tests; installs what they need. Ends with the line "N passed, N failed", and ", N skipped" where some could not run.
set -euo pipefail
cd "$(dirname "$0")"
root=$PWD
. eng/prerequisites.sh

filter=${1:-}
case $filter in
    --help | -h)
        echo "./test.sh [NAME]                        Run all tests, or those of the test projects whose name contains NAME."
        echo "Servers=containers ./test.sh [NAME]     The same with broker and database in containers (Docker or Podman)."
        exit 0
        ;;
    -*)
        echo "Unknown option $filter. See ./test.sh --help" >&2
        exit 2
        ;;
esac

require_sdk
[ "${Servers:-}" = containers ] || require_local_servers
require_programs chromium haproxy
build Debug OrderSample.sln

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
broken=0
# One assembly after the other: they start servers, and would take the processors from one another.
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    [[ $name == *"$filter"* ]] || continue
    if [ "$name" = Cluster.Tests ] && [ "${Servers:-}" = containers ]; then
        echo "== $name is left out: a cluster runs on local servers only"
        continue
    fi
    echo "== $name"
    dotnet test "$project" --no-build --nologo --logger "console;verbosity=minimal" \
        --logger "trx;LogFileName=$name.trx" --results-directory "$results" || broken=$((broken + 1))
    # What a test has measured is in its output, which passing tests do not show.
    sed -n 's/.*\(Measured: [^<]*\).*/\1/p' "$results/$name.trx" 2>/dev/null || true
done

count() {
    cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}
total=$(count total)
passed=$(count passed)
failed=$(count failed)
# An assembly that ended without saying so, such as one whose process died, counts as a failure.
[ "$broken" -eq 0 ] || [ "$failed" -gt 0 ] || failed=$broken
# Once more, with the reason: a build server may show no more than the end of a long run.
cat "$results"/*.trx 2>/dev/null | sed -n '/<UnitTestResult .*outcome="Failed"/,/<\/UnitTestResult>/ {
    s/.* testName="\([^"]*\)".*/\nFailed: \1/p
    /<Message>/,/<\/Message>/ { s/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#xD;//g; s/&amp;/\&/g; p }
}'
echo
if [ "$total" -gt "$((passed + failed))" ]; then
    sed -n '/outcome="NotExecuted"/,/<\/UnitTestResult>/s|.*<Message>\(.*\)</Message>.*|Skipped: \1|p' "$results"/*.trx | sort -u
    echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
