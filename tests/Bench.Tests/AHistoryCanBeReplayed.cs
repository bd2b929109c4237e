using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Running;

namespace OrderSample.Bench.Tests;

public sealed class AHistoryCanBeReplayed : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ordersample-").FullName;

    private string Written => Path.Combine(_folder, "history.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_again()
    {
        var now = DateTimeOffset.UtcNow;
        HistoryLine[] lines =
        [
            new PlanLine(1, "kill", "postgres", At: 5.5, Length: 2),
            new FaultLine(1, "kill", "postgres", Begin: now),
            new FaultLine(1, "kill", "postgres", Begin: now, End: now.AddSeconds(2), Problem: "did not begin as planned: \"no\"\nat all"),
            new VerdictLine(12, ["every accepted order is final: Order is Submitted."]),
        ];
        var order = new OrderLine(Guid.NewGuid(), OrderPlan.PaidAndCancelled, "accepted", [new Request(now, "POST /orders", Status: null, RetryAfter: false, Took: 20, "no answer"), new Request(now, "POST /orders", 202, RetryAfter: false, Took: 0.1)]);

        using (var history = new History(Written))
        {
            foreach (var line in lines)
                history.Write(line);
            history.Write(order);
        }

        var read = History.Read(Written);
        Assert.Equal(lines[..3], read.Take(3));
        Assert.Equal(((VerdictLine)lines[3]).Violations, Assert.IsType<VerdictLine>(read[3]).Violations);
        var orderAgain = Assert.IsType<OrderLine>(read[4]);
        Assert.Equal((order.OrderId, order.Plan, order.Outcome), (orderAgain.OrderId, orderAgain.Plan, orderAgain.Outcome));
        Assert.Equal(order.Requests, orderAgain.Requests);
    }

    [Fact]
    public void A_replay_has_the_faults_that_were_written_and_not_those_that_its_seed_would_give_today()
    {
        var run = new NemesisOptions(7, TimeSpan.FromMinutes(10), Rate: 20, new SystemShape(Nodes: 3), FaultKinds.Named(["kill", "freeze"]), _folder);
        var written = run.Schedule.Skip(1).ToList();
        using (var history = new History(Written))
        {
            history.Write(run.ToLine(DateTimeOffset.UtcNow));
            history.Write(written);
        }

        var replay = NemesisOptions.Replay(Written, _folder);

        Assert.Equal(written, replay.Schedule);
        Assert.Equal((run.Seed, run.Time, run.Rate, run.Shape), (replay.Seed, replay.Time, replay.Rate, replay.Shape));
        Assert.Equal(run.Kinds, replay.Kinds);
    }

    [Fact]
    public void The_same_seed_gives_the_same_orders()
    {
        static string Orders(int seed) => string.Join('\n', Enumerable.Range(0, 200).Select(number => Intent.Of(seed, number, mayStayUnpaid: true)).Select(x =>
            $"{x.OrderId} {x.PaymentId} {x.Plan} {x.Thinking} {string.Join(", ", x.Lines)}"));

        Assert.Equal(Orders(7), Orders(7));
        Assert.NotEqual(Orders(7), Orders(8));
        Assert.Equal(Enum.GetValues<OrderPlan>(), Enumerable.Range(0, 200).Select(number => Intent.Of(7, number, mayStayUnpaid: true).Plan).Distinct().Order());
        Assert.DoesNotContain(Enumerable.Range(0, 200), number => Intent.Of(7, number, mayStayUnpaid: false).Plan == OrderPlan.Unpaid);
    }

    [Fact]
    public async Task A_customer_sends_again_what_is_not_answered_or_put_off_and_writes_everything_down()
    {
        var answers = new Queue<Func<HttpResponseMessage>>([
            () => new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new(TimeSpan.Zero) } },
            () => throw new HttpRequestException("connection refused"),
            () => new HttpResponseMessage(System.Net.HttpStatusCode.Accepted),
            () => new HttpResponseMessage(System.Net.HttpStatusCode.Accepted),
        ]);
        using var http = new HttpClient(new Scripted(answers)) { BaseAddress = new Uri("http://localhost") };
        var intent = Enumerable.Range(0, 200).Select(number => Intent.Of(7, number, mayStayUnpaid: false)).First(x => x.Plan == OrderPlan.Paid);

        var order = await new Customer(http, intent with { Thinking = TimeSpan.Zero }).Order(CancellationToken.None);

        Assert.Equal("accepted", order.Outcome);
        Assert.Equal([503, null, 202, 202], order.Requests.Select(x => x.Status));
        Assert.Equal(["POST /orders", "POST /orders", "POST /orders", $"POST /orders/{intent.OrderId}/payments"], order.Requests.Select(x => x.What));
        Assert.Equal("connection refused", order.Requests[1].Problem);
    }

    private sealed class Scripted(Queue<Func<HttpResponseMessage>> answers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answers.Dequeue()());
    }
}
