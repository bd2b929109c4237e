namespace OrderSample.Backoffice.Console.Orders;

/// <summary>Who sends or takes something of an order's story. In the sequence in which they stand side by side.</summary>
public enum Lane
{
    /// <summary>Places, pays and cancels over HTTP, and is told by mail and text message.</summary>
    Customer,

    /// <summary>Has the saga and the payment ledger.</summary>
    OrderService,

    /// <summary>Has the stock.</summary>
    InventoryService,

    /// <summary>Tells the customer.</summary>
    NotificationService,

    /// <summary>The dead-letter desk, and the person at it.</summary>
    Desk,
}

/// <summary>What kind of step it is: how it looks.</summary>
public enum StepKind
{
    /// <summary>A person or another system asks over HTTP.</summary>
    Request,

    /// <summary>A service tells another one what to do.</summary>
    Command,

    /// <summary>A service says what has happened.</summary>
    Event,

    /// <summary>A message waited in its sender's outbox until the broker took it.</summary>
    Wait,

    /// <summary>An answer did not come, or something was not done in time.</summary>
    Timeout,

    /// <summary>A command is sent again because nobody has answered.</summary>
    SentAgain,

    /// <summary>A message could not be handled.</summary>
    Failure,

    /// <summary>A message is delivered more than once.</summary>
    Redelivery,

    /// <summary>A person decided something.</summary>
    Decision,

    /// <summary>The customer was told.</summary>
    Notice,
}

/// <summary>One thing that happened to an order.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Title">What, in a few words.</param>
/// <param name="Kind">What kind of step it is.</param>
/// <param name="From">Who sent it.</param>
/// <param name="To">Who took it, or should have.</param>
/// <param name="Detail">What else there is to say.</param>
/// <param name="Link">The page that says more.</param>
/// <param name="Times">How often it happened without anything else in between.</param>
/// <param name="LastAt">When it happened last, UTC.</param>
/// <param name="Since">Of a wait: when it began, UTC.</param>
public sealed record StoryStep(
    DateTimeOffset At, string Title, StepKind Kind, Lane From, Lane To, string? Detail = null, string? Link = null, int Times = 1, DateTimeOffset? LastAt = null,
    DateTimeOffset? Since = null);
