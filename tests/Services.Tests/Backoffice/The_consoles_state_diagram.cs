using MassTransit;
using MassTransit.SagaStateMachine;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Console.Orders;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>What the console draws of an order's states is the saga's state machine.</summary>
public sealed class The_consoles_state_diagram
{
    private static readonly OrderStateMachine Machine = new(Options.Create(new SagaOptions()), TimeProvider.System, NullLogger<OrderStateMachine>.Instance);

    [Fact]
    public void Has_the_sagas_states() => Assert.Equal(
        Machine.States.Where(state => state != Machine.Initial && state != Machine.Final).Select(state => state.Name).Order(),
        OrderStates.All.Order());

    [Fact]
    public void Has_the_ways_between_them()
    {
        var edges = Machine.GetGraph().Edges.ToList();
        var ways =
            from cause in edges
            where cause.From.VertexType == typeof(State)
            from effect in edges
            where effect.From.Equals(cause.To)
            select $"{cause.From.Title} {effect.To.Title} {cause.To.Title.Replace(".Received", "", StringComparison.Ordinal)}";
        Assert.Equal(ways.Distinct().Order(), OrderStates.Ways.SelectMany(way => way.On.Select(on => $"{way.From} {way.To} {on}")).Order());
    }

    [Fact]
    public void Draws_each_state_and_each_way_once()
    {
        Assert.Equal(OrderStates.All.Order(), StateDiagram.Boxes.Select(box => box.State).Order());
        Assert.Equal(OrderStates.Ways.Select(way => (way.From, way.To)).Order(), StateDiagram.Lines.Select(line => (line.From, line.To)).Order());
    }

    [Theory]
    [InlineData("OrderSubmitted", "Submitted", "Submitted")]
    [InlineData("OrderSubmitted StockReserved PaymentReceived StockCommitted", "Completed", "Submitted AwaitingPayment Confirming Completed")]
    [InlineData("OrderSubmitted PaymentReceived StockReserved StockCommitted", "Completed", "Submitted Confirming Completed")]
    [InlineData("OrderSubmitted PaymentReceived CancellationRequested StockReserved Resent", "Confirming", "Submitted Confirming")]
    [InlineData("OrderSubmitted StockShort PaymentReceived RefundDue", "Rejected", "Submitted Rejected")]
    [InlineData("OrderSubmitted Resent StockTimeoutExpired StockReleased", "Cancelled", "Submitted Cancelling Cancelled")]
    [InlineData("OrderSubmitted StockReserved PaymentTimeoutExpired ReleaseTimeoutExpired AttentionRetryRequested StockReleased", "Cancelled",
        "Submitted AwaitingPayment Cancelling NeedsAttention Cancelling Cancelled")]
    [InlineData("OrderSubmitted StockReserved PaymentReceived ConfirmTimeoutExpired StockReleased", "Cancelled",
        "Submitted AwaitingPayment Confirming NeedsAttention Cancelled")]
    [InlineData("OrderSubmitted StockReleased", "Cancelled", "")]
    public void Tells_the_way_by_the_timeline(string events, string now, string way) =>
        Assert.Equal(way, string.Join(' ', OrderStates.Taken(events.Split(' '), now).Select(x => x.To)));
}
