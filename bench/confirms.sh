#!/usr/bin/env bash
# Measures kinds of publishing and acknowledging, and what each loses. See bench/confirms.sh --help
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
. eng/prerequisites.sh

require_sdk
require_local_servers
build Release bench/Confirms/Confirms.csproj >&2
exec dotnet exec bench/Confirms/bin/Release/net10.0/OrderSample.Bench.Confirms.dll "$@"
