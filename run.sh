#!/usr/bin/env bash
# Runs the whole order system: installs what is missing, builds, and starts the app host.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/eng/prerequisites.sh"

if [ "${1:-}" = lab ]; then
    # Nothing is built under a running system.
    require_sdk
    host=$root/AppHost/bin/Release/net10.0/OrderSample.AppHost.dll
    [ -e "$host" ] || build Release "$root/AppHost/AppHost.csproj"
    exec dotnet exec "$host" lab --data "$root/.data" "${@:2}"
fi

containers=
[ "${Servers:-}" != containers ] || containers=1
local=
haproxy=
data=
previous=
for argument in "$@"; do
    case $argument in
        --help | -h)
            printf './run.sh [OPTION ...]      Run the whole order system. Ctrl-C stops it.\n\n'
            cat "$root/AppHost/Starting/options.txt"
            printf '\n./run.sh lab [NAME]         Run an experiment of the Lab against the running system; see ./run.sh lab --help.\n'
            exit 0
            ;;
        --containers | --Servers=containers) containers=1 ;;
        --local | --Servers=local) local=1 ;;
        --haproxy | --haproxy=true) haproxy=1 ;;
        --data=*) data=${argument#--data=} ;;
        *) [ "$previous" != --data ] || data=$argument ;;
    esac
    previous=$argument
done

require_sdk
if [ -z "$containers" ] && ! (require_local_servers); then
    # Perhaps a container runtime answers; the app host asks.
    [ -z "$local" ] || exit 1
fi
[ -z "$haproxy" ] || require_programs haproxy

program=$root/AppHost/bin/Release/net10.0
if [ -w "$root" ]; then
    build Release "$root/AppHost/AppHost.csproj"
else
    [ -n "$data" ] || fail "$root can't be written to. Name a folder for the build and the data: ./run.sh --data FOLDER"
    mkdir -p "$data"
    build Release "$root/AppHost/AppHost.csproj" --artifacts-path "$(cd "$data" && pwd)/build"
    program=$data/build/bin/AppHost/release
fi
echo "Starting ..."
exec dotnet exec "$program/OrderSample.AppHost.dll" "$@"
