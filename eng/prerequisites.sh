# Installs what a run and the tests need. Sourced by run.sh and test.sh; everything is left alone that is there already.

fail() {
    echo "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

require_sdk() {
    command -v dotnet >/dev/null ||
        fail "The .NET SDK is missing. Install the SDK named in global.json: https://dotnet.microsoft.com/download"
    (cd "$root" && dotnet --version) >/dev/null 2>&1 ||
        fail "The .NET SDK that global.json asks for is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')). Install .NET 10: https://dotnet.microsoft.com/download"
}

# Debian's packages of RabbitMQ and PostgreSQL, without starting their system services: the app host runs servers of its own.
# Where there is no apt, the app host says what can be done.
require_local_servers() {
    command -v apt-get >/dev/null || return 0
    missing=
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$missing rabbitmq-server"
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
    command -v setpriv >/dev/null || missing="$missing util-linux"
    install_packages
}

# require_programs PROGRAM ...: of the same name as their packages.
require_programs() {
    missing=
    for program in "$@"; do
        command -v "$program" >/dev/null || missing="$missing $program"
    done
    install_packages
}

install_packages() {
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "Install$missing with your system's package manager, and start again."
    echo "Installing$missing ..."
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of packages
    if ! as_root sh -c "apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "Could not install$missing. Do it as root: apt-get install$missing"
    fi
    rm -f "$log"
}

# build CONFIGURATION PROJECT [ARGUMENT ...]: quiet, unless it fails.
build() {
    configuration=$1
    shift
    echo "Building ..."
    log=$(mktemp)
    # There, for the SDK that its global.json names.
    if ! (cd "$root" && dotnet build --configuration "$configuration" --nologo --verbosity quiet "$@") >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "The build failed."
    fi
    rm -f "$log"
}
