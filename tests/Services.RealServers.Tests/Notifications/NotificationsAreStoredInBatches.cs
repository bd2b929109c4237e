using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.Contracts.Reconciling;
using OrderSample.Contracts.Reconciling.Commands;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.NotificationService.Data;

namespace OrderSample.Services.RealServers.Tests.Notifications;

[Collection(ServersCollection.Name)]
public sealed class NotificationsAreStoredInBatches(TestServers servers) : IDisposable
{
    private static readonly string[] Queues = ["notification-email", "notification-sms"];

    private readonly DirectoryInfo _mails = Directory.CreateTempSubdirectory("mails");

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_hundreds_of_events_come_three_times_to_two_replicas_each_is_one_row_and_many_share_a_transaction(DatabaseServer on)
    {
        const int Orders = 75;
        const int Deliveries = 3;
        var place = await servers.NewPlace(on);
        await using var gateway = await SmsGateway.Start();
        await using var first = ServiceReplicas.StartNotifications(place, gateway.Address, _mails);
        await using var second = ServiceReplicas.StartNotifications(place, gateway.Address, _mails);

        await Task.WhenAll(Enumerable.Range(0, Orders).Select(async i =>
        {
            var (reserved, completed) = (new OrderReserved(Guid.NewGuid(), Customer(i), 1m), Guid.NewGuid());
            var messageId = Guid.NewGuid();
            await first.Publish(reserved, messageId);
            await second.Publish(reserved, messageId);
            await first.Publish(reserved);
            await Task.WhenAll(Enumerable.Range(0, Deliveries).Select(_ => first.Publish(new OrderCompleted(completed, Customer(i), 1m))));
        }));

        foreach (var queue in Queues)
            await Consumed(place, queue, 2 * Orders * Deliveries);
        var rows = await first.Query(x => x.Notifications.AsNoTracking().ToListAsync());
        Assert.Equal(Orders * 2 * Queues.Length, rows.Count);
        Assert.All(rows, row => Assert.Equal((NotificationStatus.Sent, 1), (row.Status, row.Attempts)));
        Assert.Equal(Orders * 2, _mails.GetFiles("*.eml").Length);
        Assert.Equal(Orders * 2, gateway.Taken.Distinct().Count());
        // Only PostgreSQL tells which transaction a row is from.
        if (on != DatabaseServer.Postgres)
            return;
        var transactions = await first.Query(x => x.Database.SqlQuery<int>($"""SELECT count(DISTINCT xmin::text)::int AS "Value" FROM "Notifications" """).SingleAsync());
        Assert.InRange(transactions, 1, rows.Count / 2);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_one_of_a_batch_can_not_be_sent_it_fails_alone(DatabaseServer on)
    {
        const int Orders = 60;
        const int Deliveries = 3;
        const int Bad = 7;
        var place = await servers.NewPlace(on);
        await using var gateway = await SmsGateway.Start();
        await using var replica = ServiceReplicas.StartNotifications(place, gateway.Address, _mails);
        gateway.Refusals[Customer(Bad).Phone!] = int.MaxValue;

        await Task.WhenAll(Enumerable.Range(0, Orders).Select(i => replica.Publish(new OrderCompleted(Guid.NewGuid(), Customer(i), 1m))));

        // The others once, the bad one once and after each delay.
        await Consumed(place, "notification-sms", Orders - 1 + Deliveries);
        var rows = await replica.Query(x => x.Notifications.AsNoTracking().Where(row => row.Channel == NotificationChannel.Sms).ToListAsync());
        Assert.Equal(Orders, rows.Count);
        var failed = Assert.Single(rows, row => row.Status == NotificationStatus.Failed);
        Assert.Equal(Deliveries, failed.Attempts);
        Assert.Contains("503", failed.LastError, StringComparison.Ordinal);
        Assert.All(rows.Where(row => row != failed), row => Assert.Equal((NotificationStatus.Sent, 1), (row.Status, row.Attempts)));
        Assert.Equal(Orders - 1, gateway.Taken.Count);
        await Waiting.Until(1, () => CountAsync(place, "notification-sms_error", queue => queue, "messages"), "messages in the error queue");
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_gateway_takes_it_after_a_while_it_is_sent_once(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var gateway = await SmsGateway.Start();
        await using var replica = ServiceReplicas.StartNotifications(place, gateway.Address, _mails);
        gateway.Refusals[Customer(1).Phone!] = 1;
        var orderId = Guid.NewGuid();

        await Task.WhenAll(replica.Publish(new OrderCompleted(Guid.NewGuid(), Customer(0), 1m)), replica.Publish(new OrderCompleted(orderId, Customer(1), 1m)));

        await Consumed(place, "notification-sms", 3);
        var row = await replica.Query(x => x.Notifications.SingleAsync(x => x.OrderId == orderId && x.Channel == NotificationChannel.Sms));
        Assert.Equal((NotificationStatus.Sent, 2, null), (row.Status, row.Attempts, row.LastError));
        Assert.Equal(2, gateway.Taken.Count);
    }

    [Fact]
    public async Task When_several_of_a_batch_can_not_be_sent_each_fails_with_its_own_error()
    {
        const int Orders = 20;
        (int Customer, int Status)[] refused = [(3, 404), (4, 409), (5, 410)];
        var place = await servers.NewPlace();
        await using var gateway = await SmsGateway.Start();
        await using var replica = ServiceReplicas.StartNotifications(place, gateway.Address, _mails);
        await using var broker = await RawBroker.Connect(place);
        foreach (var (customer, status) in refused)
            (gateway.Refusals[Customer(customer).Phone!], gateway.Statuses[Customer(customer).Phone!]) = (int.MaxValue, status);

        await Task.WhenAll(Enumerable.Range(0, Orders).Select(i => replica.Publish(new OrderCompleted(Guid.NewGuid(), Customer(i), 1m))));

        for (var i = 0; i < refused.Length; i++)
        {
            var letter = await broker.Take("notification-sms_error");
            var error = Encoding.UTF8.GetString((byte[])letter.BasicProperties.Headers!["MT-Fault-Message"]!);
            var own = Assert.Single(refused, x => letter.Text().Contains(Customer(x.Customer).Phone!, StringComparison.Ordinal));
            Assert.All(refused, x => Assert.Equal(x == own, error.Contains($"{x.Status}", StringComparison.Ordinal)));
        }
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_notice_comes_again_later_the_service_does_not_say_that_it_was_taken(DatabaseServer on)
    {
        const string answers = "answers";
        var place = await servers.NewPlace(on);
        await using var gateway = await SmsGateway.Start();
        await using var replica = ServiceReplicas.StartNotifications(place, gateway.Address, _mails, ("Messaging:Redelivery:Delays:0", "00:00:04"));
        await using var broker = await RawBroker.Connect(place);
        await broker.Listen("OrderSample.Contracts.Reconciling.Events:NotificationsReported", answers);
        var questions = await replica.Services.GetRequiredService<IBus>().GetSendEndpoint(ReconciliationAddresses.Notifications);
        var orderId = Guid.NewGuid();
        gateway.Refusals[Customer(1).Phone!] = 1;
        await Waiting.Until(true, async () => (await Ask()).TakenUntil is not null, "the service to know its queues");

        var before = DateTimeOffset.UtcNow;
        await replica.Publish(new OrderCompleted(orderId, Customer(1), 1m));
        await Waiting.Until(true, async () => (await Ask()).Backlog!.Contains("Of notification-sms, 1 wait for their redelivery.", StringComparison.Ordinal), "the delay");
        var delayed = await Ask();
        Assert.Null(delayed.TakenUntil);
        Assert.Empty(delayed.Complete);

        await Waiting.Until(true, async () => (await Ask()).TakenUntil > before, "the service to have taken all");
        Assert.Equal([new ReportedNotification(orderId, "OrderCompleted")], (await Ask()).Complete);

        async Task<NotificationsReported> Ask()
        {
            await questions.Send(new ReportNotifications(Guid.NewGuid(), Guid.NewGuid(), [orderId], DateTimeOffset.UtcNow));
            return JsonNode.Parse((await broker.Take(answers)).Text())!["message"].Deserialize<NotificationsReported>(JsonSerializerOptions.Web)!;
        }
    }

    public void Dispose() => _mails.Delete(recursive: true);

    private static Customer Customer(int i) => new("Ada Lovelace", "ada@example.com", $"+49 30 {i:D6}");

    /// <summary>Waits until so many messages were acknowledged: more when some came again.</summary>
    private static Task Consumed(Place place, string queue, int messages) => Waiting.Until(true,
        async () => await CountAsync(place, queue, x => x.TryGetProperty("message_stats", out var stats) ? stats : default, "ack") >= messages,
        $"{messages} messages of {queue} to be acknowledged");

    /// <summary>What the broker has counted, which it says a few seconds later.</summary>
    private static async Task<int> CountAsync(Place place, string queue, Func<JsonElement, JsonElement> part, string counter)
    {
        var counters = part(await place.Management.GetFromJsonAsync<JsonElement>($"api/queues/{place.VirtualHost}/{queue}"));
        return counters.ValueKind == JsonValueKind.Object && counters.TryGetProperty(counter, out var count) ? count.GetInt32() : 0;
    }
}
