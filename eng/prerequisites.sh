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
    dotnet --version >/dev/null 2>&1 ||
        fail "The .NET SDK that global.json asks for is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')). Install .NET 10: https://dotnet.microsoft.com/download"
}

# Debian's packages, without starting their system services: the app host runs servers of its own.
# require_debian_packages [PROGRAM ...]: of the same name as their packages, which the caller needs besides.
require_debian_packages() {
    missing=
    for program in "$@"; do
        command -v "$program" >/dev/null || missing="$missing $program"
    done
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$missing rabbitmq-server"
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
    command -v setpriv >/dev/null || missing="$missing util-linux"
    [ -n "$missing" ] || return 0

    echo "Installing$missing ..."
    command -v apt-get >/dev/null || fail "Install$missing with your system's package manager, and start again."
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of packages
    if ! as_root sh -c "apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "Could not install$missing. Do it as root: apt-get install$missing"
    fi
    rm -f "$log"
}

# Aspire's engine and dashboard, from the npm registry.
require_aspire() {
    package=node_modules/@microsoft/aspire-cli-linux-x64
    wanted=$(sed -n 's/.*aspire-cli-linux-x64": "\(.*\)".*/\1/p' package.json)
    if [ -x "$package/bundle/dcp/dcp" ] && grep -q "\"version\": \"$wanted\"" "$package/package.json"; then
        return 0
    fi
    command -v npm >/dev/null || fail "npm is missing; it installs Aspire's engine. Install Node.js with npm (Debian: apt-get install npm), and start again."

    echo "Installing Aspire's engine and dashboard ..."
    log=$(mktemp)
    if ! { npm ci --no-audit --no-fund && "$package/bin/aspire" setup --non-interactive; } >"$log" 2>&1 || [ ! -x "$package/bundle/dcp/dcp" ]; then
        cat "$log" >&2
        rm -f "$log"
        fail "Could not install Aspire's engine. Try: npm ci && $package/bin/aspire setup --non-interactive"
    fi
    rm -f "$log"
}

# What checks the console's pages for accessibility in the tests. A clone from before it was needed has only Aspire's package.
require_axe() {
    [ ! -f node_modules/axe-core/axe.min.js ] || return 0
    echo "Installing axe-core ..."
    log=$(mktemp)
    if ! npm install --no-save --no-audit --no-fund >"$log" 2>&1 || [ ! -f node_modules/axe-core/axe.min.js ]; then
        cat "$log" >&2
        rm -f "$log"
        fail "Could not install axe-core. Try: npm install --no-save"
    fi
    rm -f "$log"
}

# build CONFIGURATION PROJECT [ARGUMENT ...]: quiet, unless it fails.
build() {
    configuration=$1
    shift
    echo "Building ..."
    log=$(mktemp)
    if ! dotnet build --configuration "$configuration" --nologo --verbosity quiet "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "The build failed."
    fi
    rm -f "$log"
}
