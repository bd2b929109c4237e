namespace OrderSample.Bench.Twin;

/// <summary>Which of the three services a process of the twin is.</summary>
public enum TwinRole
{
    /// <summary>Takes orders and payments, and drives each order.</summary>
    Order,

    /// <summary>Keeps the stock.</summary>
    Inventory,

    /// <summary>Sends e-mail and SMS.</summary>
    Notification,
}
