using System.ComponentModel.DataAnnotations;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>Configuration section <c>Saga</c>: how patient an order is.</summary>
public sealed class SagaOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Saga";

    /// <summary>How long to wait for the answer to a reservation before asking again; see <see cref="ResendsWaitForRedeliveries"/>.</summary>
    public TimeSpan StockTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the customer has to pay.</summary>
    public TimeSpan PaymentTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long to wait for the answer to a commit before asking again; see <see cref="ResendsWaitForRedeliveries"/>.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long to wait for the answer to a release before asking again; see <see cref="ResendsWaitForRedeliveries"/>.</summary>
    public TimeSpan ReleaseTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often one command is sent again before the saga goes another way.</summary>
    [Range(0, 1000)]
    public int MaxResends { get; init; } = 5;
}
