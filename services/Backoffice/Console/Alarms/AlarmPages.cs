using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Messaging;

namespace OrderSample.Backoffice.Console.Alarms;

/// <summary>Registers what the strip above every page reads besides what the pages read, too.</summary>
internal static class AlarmPages
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A node that has slept is noticed by the others within seconds; a person takes longer.
    private static readonly TimeSpan NodesInterval = TimeSpan.FromSeconds(5);

    public static void AddAlarmStrip(this WebApplicationBuilder builder)
    {
        builder.Services.AddLiveFeed<Everything, OpenLetters>("The backoffice's database", Interval, async (services, _, cancellationToken) =>
            new OpenLetters(await services.GetRequiredService<BackofficeDbContext>().DeadLetters.Where(letter => letter.Status == DeadLetterStatus.Open)
                .OrderBy(letter => letter.Id).Take(OpenAlarms.Most).CountAsync(cancellationToken)));
        builder.Services.AddManagementClient<BrokerPartitions>();
        builder.Services.AddLiveFeed<Everything, PartitionedNodes>("rabbitmq", NodesInterval, (services, _, cancellationToken) =>
            services.GetRequiredService<BrokerPartitions>().ReadAsync(cancellationToken));
    }
}
