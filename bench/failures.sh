#!/usr/bin/env bash
# Measures how long the flow of orders stands still when a node, a replica or the database's connections fail. See bench/failures.sh --help
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
. eng/prerequisites.sh

require_sdk
require_local_servers
require_programs haproxy
build Release bench/Failures/Failures.csproj >&2
exec dotnet exec bench/Failures/bin/Release/net10.0/OrderSample.Failures.dll "$@"
