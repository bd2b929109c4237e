#!/usr/bin/env bash
# Breaks the running system at random, and checks that nothing was lost. See bench/nemesis.sh --help
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
. eng/prerequisites.sh

require_sdk
require_local_servers
build Release bench/Nemesis/Nemesis.csproj >&2
exec dotnet exec bench/Nemesis/bin/Release/net10.0/OrderSample.Nemesis.dll "$@"
