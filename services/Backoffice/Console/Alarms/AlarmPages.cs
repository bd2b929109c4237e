using OrderSample.Backoffice.Console.Live;

namespace OrderSample.Backoffice.Console.Alarms;

/// <summary>Registers what the strip above every page reads.</summary>
internal static class AlarmPages
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public static void AddAlarmStrip(this WebApplicationBuilder builder)
    {
        builder.Services.AddTransient<AlarmReader>();
        builder.Services.AddLiveFeed<Everything, OpenAlarms>("The backoffice", Interval, (services, _, cancellationToken) =>
            services.GetRequiredService<AlarmReader>().ReadAsync(cancellationToken));
    }
}
