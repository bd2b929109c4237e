#!/usr/bin/env bash
# Runs the whole order system: installs what is missing, builds, and starts the app host.
set -euo pipefail
cd "$(dirname "$0")"
. eng/prerequisites.sh

usage() {
    cat <<'HELP'
./run.sh [OPTION ...]      Run the whole order system. Ctrl-C stops it.

  --fresh                  start with empty databases and queues
  --data FOLDER            keep data there instead of in .data
  --replicas N             run N copies of each service, 1 to 8 (default 1)
  --cluster                run a broker of three nodes, and a fourth that can be started to join them
  --haproxy                with --cluster: give the services one address, of HAProxy before the nodes
  --official               take Aspire's and MassTransit's own packages, and servers in containers (Docker or Podman)
  --no-dashboard           run without the Aspire dashboard
  --Section:Key=VALUE      a setting of the services, such as --Saga:PaymentTimeout=00:00:10
  --help                   this text

Ports: backoffice 5100, order service 5101, inventory 5102, notifications 5103, dashboard 18888.
HELP
}

fresh=
cluster=
haproxy=
official=
own=
data=.data
arguments=()
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) usage; exit 0 ;;
        --fresh) fresh=1; own=$1 ;;
        --cluster) cluster=1; own=$1; arguments+=("--cluster=3") ;;
        --haproxy) haproxy=1; own=$1; arguments+=("--haproxy=true") ;;
        --official) official=1 ;;
        --no-dashboard) arguments+=("--dashboard=false") ;;
        --data | --replicas)
            [ $# -gt 1 ] || { echo "$1 takes a value. See ./run.sh --help" >&2; exit 2; }
            if [ "$1" = --data ]; then
                data=$2
                own=$1
            elif [[ $2 =~ ^[1-8]$ ]]; then
                arguments+=("--replicas=$2")
            else
                echo "--replicas takes a number from 1 to 8, not '$2'." >&2
                exit 2
            fi
            shift
            ;;
        --*:*=*) arguments+=("$1") ;;
        *) echo "Unknown option $1. See ./run.sh --help" >&2; exit 2 ;;
    esac
    shift
done
if [ -n "$haproxy" ] && [ -z "$cluster" ]; then
    echo "--haproxy stands before a cluster: ./run.sh --cluster --haproxy" >&2
    exit 2
fi

if [ -n "$official" ]; then
    [ -z "$own" ] || { echo "$own is about the servers of this machine; --official has them in containers." >&2; exit 2; }
    . eng/official.sh
    run_official "${arguments[@]}"
fi

mkdir -p "$data"
data=$(cd "$data" && pwd)

require_sdk
require_debian_packages ${haproxy:+haproxy}
require_aspire
build Release AppHost/AppHost.csproj

if [ -n "$fresh" ]; then
    # A running application holds this lock; its data must not be pulled from under it.
    exec 9>>"$data/in-use"
    flock -n 9 || fail "The data in $data is in use by a running application. Stop that one first."
    find "$data" -mindepth 1 -delete
    exec 9>&-
fi

echo "Starting ..."
exec dotnet exec AppHost/bin/Release/net10.0/OrderSample.AppHost.dll "--Embedded:DataFolder=$data" "${arguments[@]}"
