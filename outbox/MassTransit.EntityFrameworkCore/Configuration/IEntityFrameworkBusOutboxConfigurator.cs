namespace MassTransit;

/// <summary>Settings of the delivery of stored messages.</summary>
public interface IEntityFrameworkBusOutboxConfigurator : IBusOutboxConfigurator
{
    /// <summary>How many messages may wait for the broker's confirm at a time. Default 50.</summary>
    int MessageDeliveryLimit { set; }

    /// <summary>How long one delivery may take, confirm included, before it counts as failed. Default 5 seconds.</summary>
    TimeSpan MessageDeliveryTimeout { get; set; }

    /// <summary>After how many refusals a message is parked. Default 12. Not in the official package.</summary>
    int MaxDeliveryAttempts { set; }

    /// <summary>How long a message waits after its first failed delivery; doubled each time. Default 1 second. Not in the official package.</summary>
    TimeSpan FirstRetryDelay { set; }

    /// <summary>The longest wait between two deliveries. Default 1 minute. Not in the official package.</summary>
    TimeSpan LongestRetryDelay { set; }
}
