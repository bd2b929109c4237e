#!/usr/bin/env bash
# Runs the tests; installs what they need. Ends with the line "N passed, N failed", and ", N skipped" where some could not run.
set -euo pipefail
cd "$(dirname "$0")"
root=$PWD
. eng/prerequisites.sh

# The longest first, so that none is left to run alone at the end.
assemblies=(EndToEnd Cluster Console Messaging Bench OrderService MassTransit.EntityFrameworkCore Services.RealServers Services AppHost)
# Three systems keep two processors busy; more would only make one another late.
at_once=3

filter=
quick=
solution=OrderSample.sln
for argument in "$@"; do
    case $argument in
        --help | -h)
            cat <<'HELP'
./test.sh               Runs all tests.
./test.sh NAME          Runs those of the test projects whose name contains NAME.
./test.sh --quick       Runs the tests that need no servers, one order end to end, and one fault.

Servers=containers ./test.sh [NAME]     The same with broker and database in containers (Docker or Podman).
HELP
            exit 0
            ;;
        --quick) quick=1 solution=tests/Quick.slnf assemblies=(EndToEnd Services AppHost Bench) ;;
        -*)
            echo "Unknown option $argument. See ./test.sh --help" >&2
            exit 2
            ;;
        *) filter=$argument ;;
    esac
done

require_sdk
[ "${Servers:-}" = containers ] || require_local_servers
[ -n "$quick" ] || require_programs chromium haproxy
build Debug "$solution"

# Dozens of services start here, and end minutes later. By the runtime's defaults they spend more on compiling a second time what is called 30 times, and on the
# spinning of threads that look for work, than on orders (docs/performance-tried.md). So: no profiles, 1,000 calls (0x3e8), no spinning.
export DOTNET_TieredPGO=0 DOTNET_TC_CallCountThreshold=3e8 DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0

results=$(mktemp -d)
# Each test run is a process group of its own, so that Ctrl-C gets to it in one piece, with the servers that it has started.
set -m
trap 'for run in $(jobs -p); do kill -INT -- "-$run" 2>/dev/null || true; done; wait; rm -rf "$results"' EXIT

# chosen ASSEMBLY: the option that says which of its tests; none means all.
chosen() {
    case $quick$1 in
        1EndToEnd) echo "--filter=Category=Quick" ;;
        1*) echo "--filter=Category!=Servers" ;;
    esac
}

# progress: of a run's output, what failed, what took a minute or more, and what is taking long (tests/xunit.runner.json), as it comes.
progress() {
    sed -u -n "s/^\[xUnit.* \[Long Running Test\] 'OrderSample\.\(.*\)', Elapsed: \(.*\)$/   Still running after \2: \1/p; s/^  \(Passed\|Failed\) OrderSample\.\(.*\[.* m.* s\]\)$/   \1 \2/p; s/^  \(Failed\) OrderSample\.\(.*\)$/   \1 \2/p"
}

# what_failed LOG: each failed test with its reason, and the last lines of a run that ended without saying so.
what_failed() {
    awk '/^  (Passed|Skipped) |^\[xUnit|^Test Run|^Total tests/ { show = 0 } /^  Failed / { show = 1 } show && NF' "$1"
    grep -q '^Test Run ' "$1" || tail -n 40 "$1"
    grep '^The active test run was aborted' -A 8 "$1" || true
}

run() {
    started=$SECONDS
    # A test that hangs ends its run after a while, and the run says which it was.
    # shellcheck disable=SC2046 # one option or none
    dotnet test "tests/$1.Tests/$1.Tests.csproj" --no-build --nologo $(chosen "$1") --logger "console;verbosity=normal" \
        --blame-hang-timeout 20m --blame-hang-dump-type none \
        --logger "trx;LogFileName=$1.trx" --results-directory "$results" </dev/null 2>&1 | tee "$results/$1.log" | progress || touch "$results/$1.broken"
    # At once, so that what two of them say is not mixed. What a test has measured is in its output, which passing tests do not show.
    echo "== $1.Tests, $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s:$(sed -n 's/^ *\(Passed\|Failed\|Skipped\): \([0-9]*\)$/ \2 \1,/p' "$results/$1.log" | tr -d '\n' | sed 's/,$//')
$(what_failed "$results/$1.log"
        sed -n 's/.*\(Measured: [^<]*\).*/\1/p' "$results/$1.trx" 2>/dev/null)"
}

# count_free: how many more systems may run beside those of the assemblies that run now. The end-to-end tests have two at a time.
declare -A systems
count_free() {
    free=$at_once
    for run in $(jobs -rp); do
        free=$((free - ${systems[$run]}))
    done
}

for name in "${assemblies[@]}"; do
    [[ $name.Tests == *"$filter"* ]] || continue
    if [ "$name" = Cluster ] && [ "${Servers:-}" = containers ]; then
        echo "== $name.Tests is left out: a cluster runs on local servers only"
        continue
    fi
    wanted=1
    [ "$name" != EndToEnd ] || wanted=2
    while count_free && [ "$free" -lt "$wanted" ]; do
        wait -n || true
    done
    echo "== $name.Tests begins"
    run "$name" &
    systems[$!]=$wanted
done
wait

count() {
    cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}
total=$(count total)
passed=$(count passed)
failed=$(count failed)
# An assembly that ended without saying so, such as one whose process died, counts as a failure.
broken=$(find "$results" -name '*.broken' | wc -l)
[ "$broken" -eq 0 ] || [ "$failed" -gt 0 ] || failed=$broken
# Once more, with how each reason begins, and all names at last: a build server may show no more than the end of a long run. What resources logged is above.
cat "$results"/*.trx 2>/dev/null | sed -n '/<UnitTestResult .*outcome="Failed"/,/<\/UnitTestResult>/ {
    s/.* testName="\([^"]*\)".*/\nFailed: \1/p
    /<Message>/,/<\/Message>/ { s/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#xD;//g; s/&amp;/\&/g; p }
}' | awk '/^Failed: / { lines = 0 } lines++ < 15 { print substr($0, 1, 500) }' | tee "$results/failures"
grep -s '^Failed: ' "$results/failures" || true
echo
if [ "$total" -gt "$((passed + failed))" ]; then
    sed -n '/outcome="NotExecuted"/,/<\/UnitTestResult>/s|.*<Message>\(.*\)</Message>.*|Skipped: \1|p' "$results"/*.trx | sort -u
    echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
