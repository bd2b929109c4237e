namespace MassTransit;

/// <summary>Settings of the delivery of stored messages.</summary>
public interface IEntityFrameworkBusOutboxConfigurator : IBusOutboxConfigurator
{
    /// <summary>How many messages may wait for the broker's confirm at a time. Default 50.</summary>
    int MessageDeliveryLimit { set; }

    /// <summary>How long one delivery may take, confirm included, before it counts as failed. Default 5 seconds.</summary>
    TimeSpan MessageDeliveryTimeout { get; set; }
}
