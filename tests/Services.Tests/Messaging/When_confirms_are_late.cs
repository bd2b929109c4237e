using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.Extensions.Time.Testing;

namespace OrderSample.Services.Tests.Messaging;

/// <summary>How long a connection may confirm nothing.</summary>
public sealed class When_confirms_are_late
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly ConfirmPatience _patience;

    public When_confirms_are_late() => _patience = new ConfirmPatience(_time);

    [Fact]
    public void Each_next_connection_waits_twice_as_long_up_to_the_limit_of_a_delivery()
    {
        var waited = new List<double>();
        for (var connection = 0; connection < 5; connection++)
        {
            waited.Add(_patience.Now(Limit).TotalSeconds);
            _patience.GaveUp(_patience.Now(Limit));
        }

        Assert.Equal([2, 4, 8, 10, 10], waited);
    }

    [Fact]
    public void Many_that_wait_for_the_same_connection_are_one_case()
    {
        for (var message = 0; message < 50; message++)
            _patience.GaveUp(First);

        Assert.Equal(First * 2, _patience.Now(Limit));
    }

    [Fact]
    public void It_stays_so_while_they_are_late_and_a_minute_longer()
    {
        _patience.GaveUp(First);
        for (var half = 0; half < 10; half++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            _patience.Confirmed(TimeSpan.FromSeconds(3));
        }

        Assert.Equal(First * 2, _patience.Now(Limit));
        _time.Advance(TimeSpan.FromSeconds(59));
        _patience.Confirmed(TimeSpan.FromSeconds(0.01));
        Assert.Equal(First * 2, _patience.Now(Limit));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(First, _patience.Now(Limit));
    }

    [Fact]
    public void A_shorter_limit_of_a_delivery_is_the_limit() => Assert.Equal(TimeSpan.FromSeconds(1), _patience.Now(TimeSpan.FromSeconds(1)));
}
