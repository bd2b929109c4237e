using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using OrderSample.ServiceDefaults.Messaging;
using RabbitMQ.Client;

namespace OrderSample.Services.Tests.Messaging;

public sealed class When_a_node_does_not_answer
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HalfASecond = TimeSpan.FromSeconds(0.5);

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentDictionary<string, Node> _network = new();
    private readonly List<string> _closed = [];
    private readonly BrokerNodes _nodes;

    public When_a_node_does_not_answer() => _nodes = new BrokerNodes(["a:1", "b:2", "c:3"], _time);

    [Fact]
    public async Task The_next_one_is_tried_after_half_a_second_and_the_first_to_answer_is_taken()
    {
        var connecting = Connect();
        await Of("a:1").Tried.Task.WaitAsync(Deadline);
        Assert.False(Of("b:2").Tried.Task.IsCompleted);

        _time.Advance(HalfASecond);
        await Of("b:2").Tried.Task.WaitAsync(Deadline);
        Of("b:2").Answer.SetResult("b:2");

        Assert.Equal("b:2", await connecting.WaitAsync(Deadline));
        Assert.False(Of("c:3").Tried.Task.IsCompleted);
    }

    [Fact]
    public async Task It_is_tried_last_for_half_a_minute()
    {
        await AnswersSecond();
        Assert.Equal(["b:2", "c:3", "a:1"], _nodes.InOrder());

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(["b:2", "c:3", "a:1"], _nodes.InOrder());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["a:1", "b:2", "c:3"], _nodes.InOrder());
    }

    [Fact]
    public async Task The_bus_connects_to_the_one_that_did()
    {
        await AnswersSecond();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["b:2", "a:1", "c:3"], _nodes.ForBus(new SslOption()).All().Select(x => $"{x.HostName}:{x.Port}"));
    }

    [Fact]
    public async Task Its_answer_is_closed_when_it_comes_after_all()
    {
        await AnswersSecond();
        Of("a:1").Answer.SetResult("a:1");

        await Waiting(() => _closed.Count == 1);
        Assert.Equal(["a:1"], _closed);
    }

    [Fact]
    public async Task One_that_refuses_is_passed_over_at_once_and_not_remembered()
    {
        var connecting = Connect();
        Of("a:1").Answer.SetException(new IOException("refused"));
        await Of("b:2").Tried.Task.WaitAsync(Deadline);
        Of("b:2").Answer.SetResult("b:2");

        Assert.Equal("b:2", await connecting.WaitAsync(Deadline));
        Assert.Equal("a:1", _nodes.InOrder()[0]);
    }

    [Fact]
    public async Task When_none_does_the_first_one_s_reason_is_told()
    {
        var connecting = Connect();
        foreach (var node in _nodes.InOrder())
        {
            await Of(node).Tried.Task.WaitAsync(Deadline);
            Of(node).Answer.SetException(new IOException($"{node} refused"));
        }

        Assert.Equal("a:1 refused", (await Assert.ThrowsAsync<IOException>(() => connecting.WaitAsync(Deadline))).Message);
    }

    private async Task AnswersSecond()
    {
        var connecting = Connect();
        _time.Advance(HalfASecond);
        await Of("b:2").Tried.Task.WaitAsync(Deadline);
        Of("b:2").Answer.SetResult("b:2");
        await connecting.WaitAsync(Deadline);
    }

    private Task<string> Connect() => _nodes.ConnectAsync((address, _) =>
    {
        Of(address).Tried.TrySetResult();
        return Of(address).Answer.Task;
    }, late =>
    {
        _closed.Add(late);
        return Task.CompletedTask;
    }, CancellationToken.None);

    private Node Of(string address) => _network.GetOrAdd(address, _ => new Node());

    private static async Task Waiting(Func<bool> until)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        while (!until())
            await Task.Delay(10, timeout.Token);
    }

    private sealed class Node
    {
        public TaskCompletionSource Tried { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
