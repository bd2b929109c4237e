using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>How the steps of an experiment break things, and see that they are broken.</summary>
internal static class TrialFaults
{
    /// <summary>Sets a service's chaos switch.</summary>
    public static async Task SetChaosAsync(this Trial lab, string service, ChaosState state, CancellationToken cancellationToken) =>
        Trial.Must($"Set the chaos switch of {service}", (await lab.System.UseAsync<AnyServiceClient, ServiceAnswer<ChaosState>>(client => client.SetChaosAsync(service, state, cancellationToken))).Problem);

    /// <summary>Ends what a service's chaos switch does.</summary>
    public static Task RestoreAsync(this Trial lab, string service, CancellationToken cancellationToken) => lab.SetChaosAsync(service, new ChaosState(), cancellationToken);

    /// <summary>Stops something, unless it is stopped.</summary>
    public static async Task StopAsync(this Trial lab, string name, CancellationToken cancellationToken)
    {
        lab.Steps.WaitFor($"{name} to end");
        if ((await lab.System.ResourcesAsync(cancellationToken)).Single(x => x.Name == name).Running > 0)
            Trial.Must($"Stop {name}", await lab.System.UseAsync<AppHostClient, string?>(client => client.StopAsync(name, $"{lab.By} (Lab)", cancellationToken)));
    }

    /// <summary>Starts something, unless it runs, and waits until it is healthy.</summary>
    public static async Task StartAsync(this Trial lab, string name, CancellationToken cancellationToken)
    {
        if ((await lab.System.ResourcesAsync(cancellationToken)).Single(x => x.Name == name).CanStart)
            Trial.Must($"Start {name}", await lab.System.UseAsync<AppHostClient, string?>(client => client.StartAsync(name, cancellationToken)));
        await lab.IsAsync(name, "Running", cancellationToken);
    }

    /// <summary>Waits until something that the app host runs is in a state.</summary>
    public static Task<HostedResource> IsAsync(this Trial lab, string name, string state, CancellationToken cancellationToken) =>
        lab.UntilAsync($"{name} to be {state}", async token => (await lab.System.ResourcesAsync(token)).Single(x => x.Name == name), x => x.State == state, x => x.State, cancellationToken);

    /// <summary>Has the app host break something.</summary>
    /// <param name="lab">The run.</param>
    /// <param name="kind">In which way.</param>
    /// <param name="target">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="details">How, where there is a choice.</param>
    public static async Task BreakAsync(this Trial lab, string kind, string target, CancellationToken cancellationToken, object? details = null)
    {
        lab.Steps.WaitFor($"the app host to break {target} ({kind})");
        Trial.Must($"Break {target} ({kind})", await lab.System.Host.BreakAsync(kind, target, details, cancellationToken));
    }

    /// <summary>Has the app host put something back.</summary>
    public static async Task MendAsync(this Trial lab, string kind, string target, CancellationToken cancellationToken)
    {
        lab.Steps.WaitFor($"the app host to put {target} back ({kind})");
        Trial.Must($"Put {target} back ({kind})", await lab.System.Host.MendAsync(kind, target, cancellationToken));
    }

    /// <summary>Has a service run with other settings until the run ends. It is started anew for it.</summary>
    public static async Task RunWithAsync(this Trial lab, string service, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        await lab.BreakAsync("settings", service, cancellationToken, settings);
        await lab.IsAsync(service, "Running", cancellationToken);
    }

    /// <summary>Waits until all nodes of the broker run.</summary>
    public static Task<SystemShape> NodesRunAsync(this Trial lab, CancellationToken cancellationToken) => lab.UntilAsync("all nodes of the broker to be Running", lab.System.ShapeAsync,
        shape => shape.Nodes.All(x => x.State == "Running"), shape => string.Join(", ", shape.Nodes.Select(x => $"{x.Name} {x.State}")), cancellationToken);

    /// <summary>Waits until everything runs, and no chaos switch is on.</summary>
    public static async Task IsWholeAsync(this Trial lab, CancellationToken cancellationToken) =>
        await lab.UntilAsync("everything to be Running, with no chaos switch on", lab.FindBrokenAsync, broken => broken.Count == 0,
            broken => broken.Count == 0 ? "all of it" : string.Join(", ", broken), cancellationToken);

    /// <summary>Notes the last line of a log that holds a text, once there is one.</summary>
    public static async Task NoteLogAsync(this Trial lab, string resource, string about, CancellationToken cancellationToken)
    {
        var lines = await lab.UntilAsync($"a line about “{about}” in the log of {resource}", token => lab.System.Host.ReadLogAsync(resource, about, token), x => x.Count > 0, _ => "none yet", cancellationToken);
        lab.Note($"Log of {resource}", lines[^1]);
    }

    private static async Task<List<string>> FindBrokenAsync(this Trial lab, CancellationToken cancellationToken)
    {
        var shape = await lab.System.ShapeAsync(cancellationToken);
        var broken = shape.Resources.UnionBy(shape.Nodes, x => x.Name).Where(x => x.State != "Running").Select(x => $"{x.Name} is {x.State}").ToList();
        foreach (var service in ServiceNames.All.Where(service => !broken.Any(x => x.StartsWith(service, StringComparison.Ordinal))))
        {
            if (await lab.System.UseAsync<AnyServiceClient, ChaosState?>(client => client.FindChaosAsync(service, cancellationToken)) is { } chaos && chaos != new ChaosState())
                broken.Add($"the chaos switch of {service} is on");
        }

        return broken;
    }
}
