using MassTransit;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.RefundingPayment;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>Registers the saga.</summary>
internal static class OrderSaga
{
    /// <summary>
    /// Adds the bus with the saga on it. The saga's row is locked while an event is handled: events of one order wait
    /// for each other instead of failing on each other. Its timeouts are stored with its state.
    /// </summary>
    public static void AddOrderSaga(this WebApplicationBuilder builder, IDatabaseProvider database)
    {
        builder.Services.AddOptions<SagaOptions>().BindConfiguration(SagaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SagaOptions>, ResendsWaitForRedeliveries>();
        builder.Services.AddScoped<IPaymentLedger, PaymentLedger>();
        builder.Services.AddHostedService<TimeInState>();
        builder.AddServiceMessaging<OrderDbContext>(
            database,
            bus =>
            {
                bus.AddConsumerAt<RefundConsumer>(RefundConsumer.Queue);
                bus.AddReconciliationAnswers();
                bus.AddEntityFrameworkMessageScheduler<OrderDbContext>();
                bus.AddSagaStateMachine<OrderStateMachine, OrderState, OrderSagaDefinition>().EntityFrameworkRepository(repository =>
                {
                    repository.ExistingDbContext<OrderDbContext>();
                    repository.ConcurrencyMode = ConcurrencyMode.Pessimistic;
                    database.Configure(repository);
                });
            },
            bus => bus.UseEntityFrameworkMessageScheduler());
        builder.AddQueueMonitor(OrderSagaDefinition.Queue, RefundConsumer.Queue);
    }
}
