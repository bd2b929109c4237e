#!/usr/bin/env bash
# Manages the nodes of a broker that ./run.sh --cluster runs, with RabbitMQ's own tools.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'HELP'
./eng/cluster.sh [--data FOLDER] COMMAND

  status         the nodes, and each queue's leader and members
  grow NODE      give every queue a member on a node that was started and has joined
  shrink NODE    take every queue's member from a node, before it is stopped for good
  forget NODE    remove a node that was stopped from the cluster, with its data

NODE is a resource of the app host, such as rabbitmq-4. FOLDER is that of ./run.sh, .data by default.
HELP
}

fail() {
    echo "$*" >&2
    exit 1
}

data=.data
if [ "${1:-}" = --data ]; then
    [ $# -gt 1 ] || fail "--data takes a folder. See ./eng/cluster.sh --help"
    data=$2
    shift 2
fi
command=${1:-}
node=${2:-}
case $command in
    status) [ $# -eq 1 ] || fail "status takes nothing more. See ./eng/cluster.sh --help" ;;
    grow | shrink | forget) [[ $# -eq 2 && $node =~ ^[a-z0-9-]+$ ]] || fail "$command takes a node, such as rabbitmq-4." ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

home=$data/rabbitmq
[ -f "$home/name-server-port" ] || fail "There is no cluster in $data. ./run.sh --cluster makes one; --data FOLDER says where else it is."
home=$(cd "$home" && pwd)
export HOME=$home ERL_EPMD_PORT
ERL_EPMD_PORT=$(cat "$home/name-server-port")
# The tools are nodes for a moment: on loopback as the others are, and with the cluster's name server.
export RABBITMQ_CTL_ERL_ARGS="-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
# Asked is any node that runs, but for the one that it is about.
asked=$(epmd -port "$ERL_EPMD_PORT" -names 2>/dev/null | sed -n 's/^name \(rabbitmq[^ ]*\) at port.*/\1/p' | grep -vx "${node:-none}" | head -n 1) ||
    fail "No node of the cluster in $data runs."

tool() {
    "/usr/lib/rabbitmq/bin/$1" --node "$asked@localhost" "${@:2}"
}

case $command in
    status)
        tool rabbitmqctl cluster_status
        tool rabbitmqctl list_queues name leader members online
        ;;
    grow) tool rabbitmq-queues grow "$node@localhost" all ;;
    shrink) tool rabbitmq-queues shrink "$node@localhost" ;;
    forget)
        tool rabbitmqctl forget_cluster_node "$node@localhost"
        # With what it knows of the cluster it could not join again.
        rm -rf -- "$home/../$node"
        ;;
esac
