using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Offering;

/// <summary>What a customer waited for, from the moment at which the order was meant to be placed.</summary>
/// <param name="Accepted">Until the order was taken.</param>
/// <param name="Completed">Until it was completed, with its payment in between.</param>
internal readonly record struct Waited(TimeSpan Accepted, TimeSpan Completed);

/// <summary>Place orders over HTTP, pay each as soon as it is reserved, and wait until it is completed.</summary>
internal sealed class Customers(SystemUnderTest system, OrderEvents events) : IAsyncDisposable
{
    /// <summary>An order that takes longer is lost, and so is the whole run.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan NoAnswerPause = TimeSpan.FromSeconds(1);

    private int _rejected;

    /// <summary>How often one was asked to come again later.</summary>
    public int Rejected => _rejected;

    public static async Task<Customers> Of(SystemUnderTest system, CancellationToken cancellationToken) =>
        new(system, await OrderEvents.Listen(new Uri(await system.AddressOf(SystemUnderTest.Broker, cancellationToken)), cancellationToken));

    /// <summary>One order, from its placing to its completion.</summary>
    /// <param name="meant">When it is meant to be placed, by <see cref="Stopwatch"/>: a customer who had to wait for a turn has waited.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Waited> Order(long meant, CancellationToken cancellationToken)
    {
        var orderId = Guid.NewGuid();
        var expected = events.Expect(orderId);
        await Post("orders", Assortment.Order(orderId), cancellationToken);
        var accepted = Stopwatch.GetElapsedTime(meant);

        await InTime(expected.Reserved.Task, $"{orderId} was not reserved", cancellationToken);
        await Post($"orders/{orderId}/payments", new { paymentId = Guid.NewGuid(), amount = Assortment.Total }, cancellationToken);
        await InTime(expected.Completed.Task, $"{orderId} was not completed", cancellationToken);
        return new Waited(accepted, Stopwatch.GetElapsedTime(meant));
    }

    public ValueTask DisposeAsync() => events.DisposeAsync();

    private async Task InTime(Task moment, string otherwise, CancellationToken cancellationToken)
    {
        try
        {
            await moment.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"Order {otherwise} within {Patience} by the system {system.Name}.{system.LastLines()}");
        }
    }

    /// <summary>
    /// Until it is taken. A customer that gets 429 retries after the time that the service names, and so does one that gets no
    /// answer: the ids of orders and payments make that safe.
    /// </summary>
    private async Task Post(string path, object body, CancellationToken cancellationToken)
    {
        while (await TryPost(path, body, cancellationToken) is { } pause)
        {
            Interlocked.Increment(ref _rejected);
            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <returns>Null, or how long to wait before the next attempt.</returns>
    private async Task<TimeSpan?> TryPost(string path, object body, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await system.Orders.PostAsJsonAsync(path, body, cancellationToken);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                return response.Headers.RetryAfter?.Delta ?? NoAnswerPause;
            response.EnsureSuccessStatusCode();
            return null;
        }
        catch (HttpRequestException exception) when (exception.StatusCode is null)
        {
            return NoAnswerPause;
        }
    }
}
