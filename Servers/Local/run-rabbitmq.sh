#!/bin/sh
# Runs a RabbitMQ node: a single one with a name server (epmd) of its own, so that several brokers live side by side, and
# one of a cluster with the cluster's (NAME_SERVER=shared). All settings come in the environment. Whoever dies first,
# nothing is left: the children are killed when this shell dies.
set -eu
# The servers of a run that was killed may still be ending; these keep the lock until they have.
exec 8>>"$RABBITMQ_MNESIA_BASE.lock"
if ! flock -w 20 8; then
    echo "The data in $RABBITMQ_MNESIA_BASE is still in use by a server of another run." >&2
    exit 1
fi
name_server=
if [ "$NAME_SERVER" = own ]; then
    setpriv --pdeathsig KILL epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" &
    name_server=$!
fi
tries=0
until epmd -port "$ERL_EPMD_PORT" -names >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 50 ]; then
        echo "Erlang's name server does not answer on port $ERL_EPMD_PORT." >&2
        exit 1
    fi
    sleep 0.1
done
# These two make the server's script become the broker itself instead of a parent of it.
RABBITMQ_ALLOW_INPUT=1 RABBITMQ_SERVER_START_ARGS="-noinput +B i" \
    setpriv --pdeathsig KILL /usr/lib/rabbitmq/bin/rabbitmq-server &
server=$!
stopping=
trap 'stopping=1; kill -TERM "$server" 2>/dev/null || true' TERM INT
code=0
wait "$server" || code=$?
# A trapped signal ends the wait before the server has ended. A node waits for its clients for longer than the engine, which
# kills this shell after six seconds, waits for it; what is stored is safe either way.
tries=0
while kill -0 "$server" 2>/dev/null; do
    code=0
    if [ -z "$stopping" ]; then
        wait "$server" || code=$?
        continue
    fi
    tries=$((tries + 1))
    [ "$tries" -ne 40 ] || kill -KILL "$server" 2>/dev/null || true
    sleep 0.1
done
[ -z "$name_server" ] || kill "$name_server" 2>/dev/null || true
exit "$code"
