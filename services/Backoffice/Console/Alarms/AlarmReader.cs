using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Console.Flow;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.Console.Alarms;

/// <summary>Something that a person has to see to, or to know.</summary>
/// <param name="Text">What, in a few words.</param>
/// <param name="Page">The page that says more.</param>
/// <param name="Count">How many there are of it.</param>
public sealed record Alarm(string Text, string Page, int Count);

/// <summary>All that there is to see to. What can't be counted is among it: nobody knows that it is nothing.</summary>
/// <param name="Items">The most pressing first.</param>
public sealed record OpenAlarms(IReadOnlyList<Alarm> Items)
{
    /// <summary>All of them together.</summary>
    public int Count => Items.Sum(alarm => alarm.Count);
}

/// <summary>Asks everyone who may have something for a person, once for all open pages.</summary>
internal sealed class AlarmReader(BackofficeDbContext context, AnyServiceClient services, OrderHistory orders)
{
    /// <summary>Nobody reads on beyond that, and counting costs.</summary>
    private const int Most = 1_000;

    /// <summary>What there is now.</summary>
    public async Task<OpenAlarms> ReadAsync(CancellationToken cancellationToken)
    {
        var outboxes = Task.WhenAll(ServiceNames.All.Select(service => OfServiceAsync(service, cancellationToken)));
        var letters = await OfDeadLettersAsync(cancellationToken);
        return new OpenAlarms([.. letters, .. OfOrders(), .. (await outboxes).SelectMany(alarms => alarms)]);
    }

    private async Task<Alarm[]> OfDeadLettersAsync(CancellationToken cancellationToken)
    {
        const string page = "/desk?status=Open";
        try
        {
            var open = await context.DeadLetters.Where(letter => letter.Status == DeadLetterStatus.Open).OrderBy(letter => letter.Id).Take(Most).CountAsync(cancellationToken);
            return open == 0 ? [] : [new Alarm(Words(open, "dead letter", "dead letters"), page, open)];
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            return [new Alarm("Dead letters can't be counted", page, 1)];
        }
    }

    private Alarm[] OfOrders()
    {
        try
        {
            var waiting = orders.Read().Samples is [.., var last] ? last.Counts.States.FirstOrDefault(state => state.Status == "NeedsAttention")?.Count ?? 0 : 0;
            return waiting == 0 ? [] : [new Alarm(Words(waiting, "order needs", "orders need") + " attention", "/orders?status=NeedsAttention", waiting)];
        }
        catch (HttpRequestException)
        {
            return [new Alarm("Orders can't be counted", "/flow", 1)];
        }
    }

    private async Task<List<Alarm>> OfServiceAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            var outbox = await services.ReadOutboxAsync(service, cancellationToken);
            var alarms = new List<Alarm>();
            if (outbox.Parked > 0)
                alarms.Add(new Alarm($"{Words(outbox.Parked, "parked message", "parked messages")} of {service}", "/parked", outbox.Parked));
            if (outbox.UnknownSince is not null)
                alarms.Add(new Alarm($"{service} can't count its outbox", "/flow", 1));
            if (outbox.Paused is { } pause)
                alarms.Add(new Alarm($"{service} delivers nothing: {pause.Reason}", "/flow", 1));
            alarms.AddRange(outbox.Refusing.Select(refusing => new Alarm($"{refusing.Destination} takes nothing from {service}", "/flow", 1)));
            return alarms;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or OperationCanceledException or InvalidOperationException or IOException or JsonException)
        {
            return [new Alarm($"{service} is away", "/chaos", 1)];
        }
    }

    private static string Words(int count, string one, string many) =>
        Quantity.Of(count, one, count < Most ? many : $"or more {many}");
}
