#!/usr/bin/env bash
# Measures the order system beside its native twin. See bench/run.sh --help
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
. eng/prerequisites.sh

# Kinds of publishing and acknowledging have a program of their own.
if [ "${1:-}" = confirms ]; then
    exec bench/confirms.sh "${@:2}"
fi
# What breaks the system has one, too.
if [ "${1:-}" = nemesis ]; then
    exec bench/nemesis.sh "${@:2}"
fi
# And so has what fails one thing at a time, and measures the pause.
if [ "${1:-}" = failures ]; then
    exec bench/failures.sh "${@:2}"
fi
# What needs several nodes is a part like the others.
if [ "${1:-}" = --cluster ]; then
    set -- cluster "${@:2}"
fi
require_sdk
require_local_servers
require_programs haproxy
build Release bench/OrderFlow/OrderFlow.csproj >&2
exec dotnet exec bench/OrderFlow/bin/Release/net10.0/OrderSample.Bench.dll "$@"
