#!/bin/sh
# Runs a PostgreSQL server: run-postgres.sh BIN DATA PORT. The first start makes the data folder, with the password in
# DATA.password. PostgreSQL refuses to run as root, so root hands over to the user postgres. The server is killed when
# this shell dies.
set -eu
bin=$1 data=$2 port=$3
# The servers of a run that was killed may still be ending; these keep the lock until they have.
exec 8>>"$data.lock"
if ! flock -w 20 8; then
    echo "The data in $data is still in use by a server of another run." >&2
    exit 1
fi
owner=
if [ "$(id -u)" = 0 ]; then
    owner="--reuid=postgres --regid=postgres --clear-groups"
    chown postgres:postgres "$data" "$data.password"
    # shellcheck disable=SC2086 # a list of options
    if ! setpriv $owner test -x "$data"; then
        echo "PostgreSQL runs as the user postgres, who can't reach $data: keep the data elsewhere with --data FOLDER, for example below /var/tmp." >&2
        exit 1
    fi
fi
# shellcheck disable=SC2086
run() { setpriv --pdeathsig KILL $owner "$@"; }
if [ ! -f "$data/PG_VERSION" ]; then
    # Made aside, and moved when it is whole, PG_VERSION last: what a start that was killed left is told from data by that.
    made="$data/initdb"
    find "$data" -mindepth 1 -delete
    run "$bin/initdb" --pgdata="$made" --username=postgres --pwfile="$data.password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-instructions >/dev/null
    run chmod 700 "$data"
    run find "$made" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$data" {} +
    run mv "$made/PG_VERSION" "$data"
    rmdir "$made"
fi
# shellcheck disable=SC2086
setpriv --pdeathsig KILL $owner "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=localhost \
    -c unix_socket_directories= -c max_connections=300 -c log_min_messages=warning -c log_checkpoints=off &
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
