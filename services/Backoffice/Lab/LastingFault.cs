using System.Globalization;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Backoffice.Lab;

/// <summary>A fault that lasts longer than the retries is outlasted by redeliveries.</summary>
internal sealed class LastingFault : Experiment
{
    private Guid _order;

    public override Description About { get; } = new(
        "lasting-fault", "A lasting fault", Hops.Consumer,
        "A fault outlasts the immediate retries. The message is redelivered after growing delays, and the order goes on as soon as the fault is gone.",
        new Explanation(
            "Between two tries the message waits in a delay queue at the broker: its time to live ends, and it comes back by the dead-letter exchange. No process has to live for it, and no other message waits behind it.",
            "retry-and-redelivery", "WhatFailsIsTriedAgainLater.When_a_consumer_fails_for_a_while_the_message_comes_back_through_the_delay_queue",
            new CodePlace("ServiceDefaults/Messaging/Redelivery/RedeliveryFilter.cs", "CanGetBetter(context.Exception) && attempts < delays.Count")),
        Seconds: 20);

    public override IReadOnlyList<string> Queues => ["inventory-reservations"];

    public override string? Lacks(SystemShape system) => system.LacksSingleReplicas;

    public override IReadOnlyList<Step> Steps =>
    [
        new("Have every attempt fail", "Chaos: failure rate 1 for inventory-service.", 30, async (lab, token) =>
        {
            await lab.StockAsync(100, token);
            await lab.SetChaosAsync(ServiceNames.Inventory, new ChaosState(FailureRate: 1), token);
        }),
        new("Place an order, and wait for a redelivery", "Orders: place an order. Its page says when it is tried next.", 60, async (lab, token) =>
        {
            _order = await lab.PlaceAsync(token);
            var failed = await lab.UntilAsync("a redelivery of its command", cancel => lab.System.RepetitionsAsync(_order, cancel), found => found.Any(x => x.Cause == RepetitionCause.Failed), _ => "none yet", token);
            lab.Note("Line of time", LineOf(failed.First(x => x.Cause == RepetitionCause.Failed)), $"/orders/{_order}");
            await lab.NoteLogAsync(ServiceNames.Inventory, "(redelivery ", token);
        }),
        new("End the fault", "Chaos: restore inventory-service.", 30, (lab, token) => lab.RestoreAsync(ServiceNames.Inventory, token)),
        new("See the order go on", "The order's page: it awaits its payment. Pay it.", 90, async (lab, token) =>
        {
            await lab.PayAndCompleteAsync(_order, token);
            await lab.ClaimReservationAsync(_order, "Committed", token);
            var failed = (await lab.System.RepetitionsAsync(_order, token)).First(x => x.Cause == RepetitionCause.Failed);
            lab.Note("Line of time, at the end", LineOf(failed), $"/orders/{_order}");
            var letters = await lab.System.DeadLettersAsync(_order, token);
            lab.Claim("Nothing of it became a dead letter.", letters.Count == 0, $"{letters.Count} dead letters");
        }),
    ];

    /// <summary>When it failed, and after which delays it was tried again.</summary>
    private static string LineOf(DeliveryRepetition repetition) => string.Create(CultureInfo.InvariantCulture,
        $"failed at {repetition.FirstAt:HH:mm:ss.fff} UTC after {repetition.Retries} immediate retries; redelivered after {string.Join(" s, then ", repetition.Delays.Split(", "))} s");
}
