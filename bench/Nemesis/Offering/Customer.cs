using System.Diagnostics;
using System.Net.Http.Json;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Nemesis.Offering;

/// <summary>Places one order, and does with it what was meant. What is not answered, or is answered with 429 or 503, is sent again: the ids make that safe.</summary>
internal sealed class Customer(HttpClient orders, Intent intent)
{
    private const string Phone = "+49 30 1234567";
    private const int MaxProblem = 300;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan NoAnswerPause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Request> _requests = [];

    /// <summary>Follows the plan to its end, or until the token is cancelled.</summary>
    public async Task<OrderLine> Order(CancellationToken cancellationToken)
    {
        var id = intent.OrderId;
        var outcome = "not accepted";
        try
        {
            var accepted = await Repeat(HttpMethod.Post, "/orders", new
            {
                orderId = id,
                customer = new { name = "Ada Lovelace", email = "ada@example.com", phone = Phone },
                lines = intent.Lines.Select(line => new { sku = line.Sku, quantity = line.Quantity, unitPrice = Assortment.UnitPrice }),
            }, cancellationToken);
            if (!accepted.IsAccepted)
                return Outcome("refused");

            outcome = "accepted, but the plan was not followed to its end";
            await Task.Delay(intent.Thinking, cancellationToken);
            await Task.WhenAll(FollowUps(id, cancellationToken));
            return Outcome("accepted");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Outcome(outcome);
        }
    }

    private IEnumerable<Task> FollowUps(Guid id, CancellationToken cancellationToken)
    {
        if (intent.Plan is OrderPlan.Paid or OrderPlan.PaidAndCancelled)
            yield return Repeat(HttpMethod.Post, $"/orders/{id}/payments", new { paymentId = intent.PaymentId, amount = intent.Total }, cancellationToken);
        if (intent.Plan is OrderPlan.Cancelled or OrderPlan.PaidAndCancelled)
            yield return Repeat(HttpMethod.Post, $"/orders/{id}/cancellation", new { reason = "found it cheaper" }, cancellationToken);
    }

    private async Task<Request> Repeat(HttpMethod method, string path, object body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (request, pause) = await Once(method, path, body, cancellationToken);
            lock (_lock)
                _requests.Add(request);
            if (!request.IsToBeRepeated)
                return request;
            await Task.Delay(pause, cancellationToken);
        }
    }

    private async Task<(Request Request, TimeSpan Pause)> Once(HttpMethod method, string path, object body, CancellationToken cancellationToken)
    {
        var (at, begin, what) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp(), $"{method} {path}");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(AnswerTimeout);
        try
        {
            using var message = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
            using var response = await orders.SendAsync(message, timeout.Token);
            var answer = new Request(at, what, (int)response.StatusCode, response.Headers.RetryAfter is not null, Stopwatch.GetElapsedTime(begin).TotalSeconds);
            if (!answer.IsAccepted)
                answer = answer with { Problem = Shorten(await response.Content.ReadAsStringAsync(timeout.Token)) };
            return (answer, response.Headers.RetryAfter?.Delta ?? NoAnswerPause);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (new Request(at, what, Status: null, RetryAfter: false, Stopwatch.GetElapsedTime(begin).TotalSeconds, exception.GetBaseException().Message), NoAnswerPause);
        }
    }

    private OrderLine Outcome(string outcome)
    {
        lock (_lock)
            return new OrderLine(intent.OrderId, intent.Plan, outcome, [.. _requests]);
    }

    private static string Shorten(string text) => text.Length <= MaxProblem ? text : text[..MaxProblem];
}
