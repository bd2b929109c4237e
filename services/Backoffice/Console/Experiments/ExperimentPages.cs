using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Console.Experiments;

/// <summary>What the Lab shows before anything runs.</summary>
/// <param name="Runs">The runs that there are.</param>
/// <param name="Shape">How the system is made up.</param>
internal sealed record LabState(LabReading Runs, SystemShape Shape);

/// <summary>One run.</summary>
/// <param name="Id">Its id.</param>
internal readonly record struct RunKey(Guid Id);

/// <summary>How it stands.</summary>
/// <param name="Run">The run; null when it is not kept any more.</param>
internal sealed record FoundRun(LabRun? Run);

/// <summary>Registers what the Lab's pages read.</summary>
internal static class ExperimentPages
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ListInterval = TimeSpan.FromSeconds(1);

    public static void AddExperimentPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddLiveFeed<Everything, LabState>("The app host", ListInterval, async (services, _, cancellationToken) =>
        {
            var host = services.GetRequiredService<ILabHost>();
            if (!host.IsThere)
                return new LabState(new LabReading(null, []), new SystemShape([], []));
            var shape = await new LabSystem(services.GetRequiredService<IServiceScopeFactory>(), host).ShapeAsync(cancellationToken);
            return new LabState(await host.ListAsync(cancellationToken), shape);
        });
        builder.Services.AddLiveFeed<RunKey, FoundRun>("The app host", Interval, async (services, key, cancellationToken) =>
            new FoundRun(await services.GetRequiredService<ILabHost>().FindAsync(key.Id, cancellationToken)));
    }
}
