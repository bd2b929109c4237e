using System.Diagnostics;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.Services.Tests.Telemetry;

public sealed class What_traces_show : IDisposable
{
    private readonly ActivitySource _bus = new("MassTransit");
    private readonly ActivitySource _other = new("What_traces_show");
    private readonly ActivityListener _recorded = new()
    {
        ShouldListenTo = source => source.Name is "MassTransit" or nameof(What_traces_show),
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public What_traces_show() => ActivitySource.AddActivityListener(_recorded);

    [Theory]
    [InlineData("outbox send", "urn:message:Shop:Sold", "Sold store")]
    [InlineData("stock send", "urn:message:Shop.Commands:Take,urn:message:Shop:Command", "Take send")]
    [InlineData("stock receive", "urn:message:Shop:Sold", "stock Sold receive")]
    [InlineData("stock receive", null, "stock receive")]
    [InlineData("Microsoft.AspNetCore.Hosting.HttpRequestIn", "urn:message:Shop:Sold", "Microsoft.AspNetCore.Hosting.HttpRequestIn")]
    public void The_message(string operation, string? types, string expected)
    {
        using var span = _bus.StartActivity(operation)!;
        span.SetTag("messaging.masstransit.message_types", types);

        new MessageSpanNames().OnEnd(span);

        Assert.Equal(expected, span.DisplayName);
    }

    [Fact]
    public void The_message_that_was_received_where_it_is_handled()
    {
        using var received = _bus.StartActivity("stock receive")!;
        received.SetTag("messaging.masstransit.message_types", "urn:message:Shop:Sold");
        using var handled = _bus.StartActivity("stock process")!;

        new MessageSpanNames().OnEnd(handled);

        Assert.Equal("stock Sold process", handled.DisplayName);
    }

    [Fact]
    public void Any_message_without_keeping_all_names()
    {
        for (var kind = 0; kind < MessageSpanNames.MostNames + 10; kind++)
        {
            using var received = _bus.StartActivity("stock receive")!;
            received.SetTag("messaging.masstransit.message_types", $"urn:message:Shop:Kind{kind}");

            new MessageSpanNames().OnEnd(received);

            Assert.Equal($"stock Kind{kind} receive", received.DisplayName);
        }

        Assert.InRange(MessageSpanNames.Kept, 1, MessageSpanNames.MostNames);
    }

    [Fact]
    public void The_order_and_a_link_to_the_request_that_placed_it()
    {
        using var placing = _other.StartActivity("placing")!;
        var placedBy = placing.Id;
        OrderScope.Trace(Guid.Empty, placedBy);
        Activity.Current = null;
        using var paying = _other.StartActivity("paying")!;
        OrderScope.Trace(Guid.Empty, placedBy);

        Assert.Empty(placing.Links);
        Assert.Equal(placing.TraceId, Assert.Single(paying.Links).Context.TraceId);
        Assert.Equal(Guid.Empty.ToString(), paying.GetTagItem("order.id"));
    }

    [Fact]
    public void Nothing_of_what_goes_on_all_the_time_but_what_comes_of_it()
    {
        using var polling = Unrecorded.Begin();
        Assert.False(Activity.Current!.Recorded);

        Unrecorded.Leave();

        Assert.Null(Activity.Current);
    }

    [Theory]
    [InlineData("/health/ready", false)]
    [InlineData("/_blazor/negotiate", false)]
    [InlineData("/_framework/blazor.web.js", false)]
    [InlineData("/app.css", false)]
    [InlineData("/stock/FILTER-1.5", true)]
    [InlineData("/orders", true)]
    public void Only_requests_that_somebody_made(string path, bool expected) => Assert.Equal(expected, TelemetryExtensions.IsWorthATrace(path));

    public void Dispose()
    {
        _recorded.Dispose();
        _bus.Dispose();
        _other.Dispose();
    }
}
