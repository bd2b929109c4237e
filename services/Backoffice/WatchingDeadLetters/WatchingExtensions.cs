namespace OrderSample.Backoffice.WatchingDeadLetters;

/// <summary>Registers the metrics.</summary>
internal static class WatchingExtensions
{
    public static void AddWatchingDeadLetters(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeadLetterMetrics>();
        builder.Services.AddHostedService<OpenDeadLetters>();
    }
}
