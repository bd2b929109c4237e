namespace OrderSample.Contracts.Ordering;

/// <summary>Who ordered. Events carry it whole, so that no consumer has to read the order service's data.</summary>
/// <param name="Name">Name as it appears in a salutation.</param>
/// <param name="Email">Address for notifications.</param>
/// <param name="Phone">Number for text messages; null when the customer gave none.</param>
public sealed record Customer(string Name, string Email, string? Phone = null);
