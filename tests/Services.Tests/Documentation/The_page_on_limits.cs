using System.Globalization;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Services.Tests.Documentation;

/// <summary>Its sums are made anew from the defaults: who changes a default finds the page that explains it.</summary>
public sealed class The_page_on_limits
{
    private static readonly MessagingOptions Messaging = new();
    private static readonly SagaOptions Saga = new();
    private static readonly AdmissionOptions Admission = new();
    private static readonly string Text = Repository.Read("docs/handbook/choosing-limits.md").ReplaceLineEndings(" ");

    [Fact]
    public void Tries_of_one_message()
    {
        var retries = (Messaging.LongestHandling - Delays) / (Messaging.Redelivery.DelaysOrDefault.Count + 1) - TimeSpan.FromSeconds(1);

        Says($"{Messaging.Retry.Limit} retries");
        Says($"{retries.TotalSeconds / 1.5:0.00} s together");
        Says($"which makes {retries.TotalSeconds:0.0} s");
        Says($"Together {Delays.TotalSeconds} s");
        Says($"({Messaging.Redelivery.DelaysOrDefault.Count} redeliveries + 1) × ({retries.TotalSeconds:0.0} s of retries + 1 s of work) + {Delays.TotalSeconds} s = {Messaging.LongestHandling.TotalSeconds:0} s");
        var demo = new MessagingOptions { Redelivery = new RedeliveryOptions { Delays = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)] } };
        Says($"delays of 2 and 4 s it is {Math.Ceiling(demo.LongestHandling.TotalSeconds)} s");
    }

    [Fact]
    public void Who_waits_for_an_answer()
    {
        Assert.All(((TimeSpan[])[Saga.StockTimeout, Saga.ConfirmTimeout, Saga.ReleaseTimeout]), timeout => Assert.Equal(Saga.StockTimeout, timeout));
        Says($"{Saga.StockTimeout.TotalSeconds} s > {Messaging.LongestHandling.TotalSeconds:0} s");
        Says($"({Saga.MaxResends} + 1) × 2 minutes = {(Saga.MaxResends + 1) * Saga.StockTimeout.TotalMinutes} minutes");
    }

    [Fact]
    public void Who_sends()
    {
        var outbox = Messaging.Outbox;
        var waits = Enumerable.Range(0, outbox.MaxAttempts - 1).Sum(attempt => Math.Min(outbox.FirstDelay.TotalSeconds * Math.Pow(2, attempt), outbox.LongestDelay.TotalSeconds));
        Says($"{outbox.MaxAttempts} attempts in {waits} s");
        Says($"three heartbeats of {Messaging.Heartbeat.TotalSeconds} s");
    }

    [Fact]
    public void Messages_at_a_time_and_the_door()
    {
        Says($"`Messaging:ConcurrentMessageLimit` is {Messaging.ConcurrentMessageLimit}.");
        Says($"`Database:MaxPoolSize`, {new DatabaseOptions().MaxPoolSize} for each replica");
        Says($"`Messaging:PrefetchCount` is {Messaging.PrefetchCount},");
        Says($"`Admission:MaxOrdersInFlight` of {Admission.MaxOrdersInFlight:N0} is a wait of {Admission.MaxOrdersInFlight / 100} s");
        Says($"`MaxOutboxMessages` ({Admission.MaxOutboxMessages:N0}) and `MaxQueueLength` ({Admission.MaxQueueLength:N0})");
        Says($"`MaxOutboxAge` ({Admission.MaxOutboxAge.TotalSeconds} s)");
        Says($"`Retry-After` ({Admission.RetryAfter.TotalSeconds} s)");
    }

    private static TimeSpan Delays => Messaging.Redelivery.DelaysOrDefault.Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay);

    private static void Says(FormattableString words) => Assert.Contains(words.ToString(CultureInfo.InvariantCulture), Text, StringComparison.Ordinal);
}
