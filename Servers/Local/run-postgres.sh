#!/bin/sh
# Runs a PostgreSQL server: run-postgres.sh BIN DATA PORT MAX_CONNECTIONS. The first start makes the data folder, with the
# password in DATA.password. PostgreSQL refuses to run as root, so root hands over to the user postgres. The server is killed
# when this shell dies.
set -eu
bin=$1 data=$2 port=$3 max_connections=$4
# The servers of a run that was killed may still be ending; these keep the lock until they have.
exec 8>>"$data.lock"
if ! flock -w 20 8; then
    echo "The data in $data is still in use by a server of another run." >&2
    exit 1
fi
# So nobody uses the data, whatever this file says: a server that was killed may have a number as a process until its parent asks how it ended, or
# another process may have it by now.
rm -f "$data/postmaster.pid"
owner=
if [ "$(id -u)" = 0 ]; then
    owner="--reuid=postgres --regid=postgres --clear-groups"
    chown postgres:postgres "$data"
fi
# The data is reached through this open folder: the user postgres may not get into the folders above it, such as root's home.
exec 9<"$data"
here=/proc/self/fd/9
cd /
# shellcheck disable=SC2086 # a list of options
run() { setpriv --pdeathsig KILL $owner "$@"; }
if [ ! -f "$data/PG_VERSION" ]; then
    # Made aside, and moved when it is whole, PG_VERSION last: what a start that was killed left is told from data by that.
    find "$data" -mindepth 1 -delete
    cp -p "$data.password" "$data/password"
    [ -z "$owner" ] || chown postgres:postgres "$data/password"
    run "$bin/initdb" --pgdata="$here/made" --username=postgres --pwfile="$here/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-instructions >/dev/null
    rm "$data/password"
    chmod 700 "$data"
    find "$data/made" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$data" {} +
    mv "$data/made/PG_VERSION" "$data"
    rmdir "$data/made"
fi
# shellcheck disable=SC2086
setpriv --pdeathsig KILL $owner "$bin/postgres" -D "$here" -p "$port" -c listen_addresses=localhost \
    -c unix_socket_directories= -c max_connections="$max_connections" -c log_min_messages=warning -c log_checkpoints=off &
server=$!
# SIGTERM would wait for every client to leave; SIGINT is PostgreSQL's clean shutdown that does not.
trap 'kill -INT "$server" 2>/dev/null || true' TERM INT
code=0
wait "$server" || code=$?
# A trapped signal ends the wait before the server has ended.
while kill -0 "$server" 2>/dev/null; do
    code=0
    wait "$server" || code=$?
done
exit "$code"
