using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Chaos;

/// <summary>A service's chaos switch.</summary>
/// <param name="State">What is in force; null when the service has no such switch.</param>
public sealed record ChaosReading(ChaosState? State);

/// <summary>What the app host runs.</summary>
/// <param name="Resources">What can be stopped and started; null when nothing can.</param>
public sealed record HostReading(IReadOnlyList<HostedResource>? Resources);

/// <summary>Registers what the page that breaks things reads.</summary>
internal static class ChaosPages
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static void AddChaosPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddLiveFeed<string, ChaosReading>(service => service, Interval, async (services, service, cancellationToken) =>
            new ChaosReading(await services.GetRequiredService<AnyServiceClient>().FindChaosAsync(service, cancellationToken)));
        builder.Services.AddLiveFeed<Everything, HostReading>("The app host", Interval, async (services, _, cancellationToken) =>
            new HostReading(await services.GetRequiredService<AppHostClient>().ListAsync(cancellationToken)));
    }
}
