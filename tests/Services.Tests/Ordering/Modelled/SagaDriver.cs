using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Scheduling;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Ordering.Modelled;

/// <summary>What handling a message caused.</summary>
/// <param name="Sent">Commands and events, in their order.</param>
/// <param name="Scheduled">Timeouts.</param>
/// <param name="Unscheduled">Tokens of timeouts that are not to come.</param>
internal sealed record Effects(List<object> Sent, List<ScheduledTimeout> Scheduled, List<Guid> Unscheduled);

internal sealed record ScheduledTimeout(Guid Token, object Message);

/// <summary>Has the saga's state machine handle messages, one after the other, with neither bus nor database.</summary>
internal sealed class SagaDriver(int maxResends, IPaymentLedger ledger)
{
    private readonly OrderStateMachine _machine = new(
        Options.Create(new SagaOptions { MaxResends = maxResends }), TimeProvider.System, NullLogger<OrderStateMachine>.Instance);

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(TimeProvider.System).AddSingleton<IPaymentLedger>(ledger).AddSingleton<LookIntoPaymentLedger>().BuildServiceProvider();

    /// <param name="order">The saga's row, which is changed.</param>
    /// <param name="message">What came.</param>
    /// <param name="event">The event that it is.</param>
    /// <param name="token">The token of a timeout.</param>
    public Effects Handle<T>(OrderState order, T message, Func<OrderStateMachine, Event<T>> @event, Guid? token = null)
        where T : class
    {
        var delivery = new Delivery();
        delivery.GetOrAddPayload<IServiceProvider>(() => _services);
        var consumed = new MediatorConsumeContext<T>(delivery, Stub.Of<SerializerContext>((member, _) => member.Name == "get_Headers" ? Headers(token) : null), message);
        delivery.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(consumed, _ => new MessageScheduler(delivery, null)));
        // All that the machine awaits is done at once, so this is, too.
        ((StateMachine<OrderState>)_machine).RaiseEvent(new MassTransitStateMachine<OrderState>.BehaviorContextProxy<T>(
            _machine, new DefaultSagaConsumeContext<OrderState, T>(consumed, order), consumed, @event(_machine))).GetAwaiter().GetResult();
        return delivery.Effects;
    }

    private static DictionarySendHeaders Headers(Guid? token)
    {
        var headers = new Dictionary<string, object?>();
        if (token is not null)
            headers[MessageHeaders.SchedulingTokenId] = token;
        return new DictionarySendHeaders(headers);
    }

    /// <summary>The bus, as the handler of one message sees it.</summary>
    private sealed class Delivery : BasePipeContext, ReceiveContext, ISendEndpointProvider, IPublishEndpointProvider, IScheduleMessageProvider
    {
        public Effects Effects { get; } = new([], [], []);

        public Uri InputAddress { get; } = new("loopback://localhost/order-saga");

        public ISendEndpointProvider SendEndpointProvider => this;

        public IPublishEndpointProvider PublishEndpointProvider => this;

        public TimeSpan ElapsedTime => TimeSpan.Zero;

        public System.Net.Mime.ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

        public bool Redelivered => false;

        public Headers TransportHeaders => EmptyHeaders.Instance;

        public Task ReceiveCompleted => Task.CompletedTask;

        public bool IsDelivered => true;

        public bool IsFaulted => false;

        public bool PublishFaults => false;

        public MessageBody Body => new BytesMessageBody([]);

        public Task<ISendEndpoint> GetSendEndpoint(Uri address) => Task.FromResult(Endpoint());

        public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
            where T : class =>
            Task.FromResult(Endpoint());

        public Task<ScheduledMessage<T>> ScheduleSend<T>(Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
            where T : class
        {
            var token = Guid.NewGuid();
            Effects.Scheduled.Add(new ScheduledTimeout(token, message));
            return Task.FromResult(Stub.Of<ScheduledMessage<T>>((member, _) => member.Name == "get_TokenId" ? token : null));
        }

        public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken)
        {
            Effects.Unscheduled.Add(tokenId);
            return Task.CompletedTask;
        }

        public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) => CancelScheduledSend(tokenId, cancellationToken);

        public ConnectHandle ConnectSendObserver(ISendObserver observer) => throw new NotSupportedException();

        public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => throw new NotSupportedException();

        public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class =>
            Task.CompletedTask;

        public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class =>
            Task.CompletedTask;

        public Task NotifyFaulted(Exception exception) => Task.CompletedTask;

        public void AddReceiveTask(Task task)
        {
        }

        private ISendEndpoint Endpoint() => Stub.Of<ISendEndpoint>((_, arguments) =>
        {
            Effects.Sent.Add(arguments[0]!);
            return Task.CompletedTask;
        });
    }

    /// <summary>Stands in for an interface of which one member or two are used.</summary>
    [SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it.")]
    private class Stub : DispatchProxy
    {
        private Func<MethodInfo, object?[], object?> _answer = null!;

        public static T Of<T>(Func<MethodInfo, object?[], object?> answer)
            where T : class
        {
            var stub = Create<T, Stub>();
            ((Stub)(object)stub)._answer = answer;
            return stub;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
    }
}

/// <summary>A payment ledger in memory.</summary>
internal sealed class ModelPaymentLedger : IPaymentLedger
{
    private readonly List<Payment> _payments = [];

    public void Add(Payment payment) => _payments.Add(payment);

    public Task<Payment?> FindFirstAsync(Guid orderId, CancellationToken cancellationToken) => Task.FromResult(_payments.FirstOrDefault(payment => payment.OrderId == orderId));
}
