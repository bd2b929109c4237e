# Runs the system on the packages of Aspire and MassTransit, with its servers in containers. Sourced by run.sh.

require_containers() {
    for runtime in docker podman; do
        if command -v "$runtime" >/dev/null && "$runtime" info >/dev/null 2>&1; then
            export ASPIRE_CONTAINER_RUNTIME=$runtime
            return 0
        fi
    done
    fail "--official runs the servers in containers, and neither Docker nor Podman answers here. Start one of them, or leave --official out."
}

require_packages() {
    echo "Restoring ..."
    log=$(mktemp)
    if dotnet restore AppHost/AppHost.csproj --nologo >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    missing=$(sed -nE "s/.*NU110[123]: Unable to find (a stable )?package ([^ ]+).*/\2/p; s/.*The SDK '([^']+)'.*could not be found.*/\1/p" "$log" | sed 's|[.]$||' | sort -u | paste -sd' ')
    [ -n "$missing" ] || cat "$log" >&2
    rm -f "$log"
    fail "--official needs packages that could not be restored: ${missing:-see above}. Add a package source that has them, or leave --official out."
}

run_official() {
    require_sdk
    require_containers
    # In the environment, where MSBuild takes it for the property, so that what Aspire itself builds or runs takes the packages, too.
    export Official=true
    require_packages
    build Release AppHost/AppHost.csproj

    # What a launch profile would say.
    export ASPNETCORE_URLS=http://localhost:18888 ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:18889 ASPIRE_ALLOW_UNSECURED_TRANSPORT=true
    export DOTNET_ENVIRONMENT=Development
    echo "Starting ..."
    exec dotnet run --project AppHost --configuration Release --no-build --no-launch-profile -- --keep-data=true "$@"
}
