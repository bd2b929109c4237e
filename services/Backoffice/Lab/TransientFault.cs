using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>Attempts that fail by chance are retried.</summary>
internal sealed class TransientFault : Experiment
{
    private const int Orders = 10;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "transient-fault", "A transient fault", Hops.Consumer,
        "Half of all attempts fail, at random. All orders complete anyhow, and nothing is done twice.",
        new Explanation(
            "An attempt that fails is rolled back with all that it would have sent, and made again at once, a few times. Only the attempt that commits has an effect.",
            "retry-and-redelivery", "AServiceIsBrokenOnPurpose.When_half_of_all_attempts_fail_everywhere_every_order_completes_and_nothing_is_done_twice",
            new CodePlace("ServiceDefaults/Chaos/ChaosFilter.cs", "Random.Shared.NextDouble() < settings.FailureRate"),
            new CodePlace("ServiceDefaults/Messaging/Redelivery/RedeliveryFilter.cs", "CanGetBetter(context.Exception)")),
        Seconds: 20);

    public override IReadOnlyList<string> Queues => ["inventory-reservations"];

    public override string? Lacks(SystemShape system) => system.LacksSingleReplicas;

    public override IReadOnlyList<Step> Steps =>
    [
        new("Have half of all attempts fail", "Chaos: failure rate 0.5 for inventory-service.", 30, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            await lab.SetChaosAsync(ServiceNames.Inventory, new ChaosState(FailureRate: 0.5), token);
        }),
        new($"Place {Orders} orders, and pay them", $"Orders: place {Orders} orders, paid at once.", 120, async (lab, token) =>
        {
            for (var i = 0; i < Orders; i++)
                await lab.PlaceAsync(token);
            await Task.WhenAll(lab.Orders.Select(order => lab.PayAndCompleteAsync(order, token)));
            lab.Claim($"All {Orders} orders completed.", true, $"{Orders} completed");
            await lab.ClaimStockAsync(_before, sold: Orders, token);
        }),
        new("Look for the attempts that failed", "An order's page says which of its messages failed before they were redelivered.", 60, async (lab, token) =>
        {
            await lab.RestoreAsync(ServiceNames.Inventory, token);
            await lab.NoteLogAsync(ServiceNames.Inventory, "fail at a rate of 0.5", token);
        }),
    ];
}
