using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>A message that fails at every attempt becomes a dead letter, and is replayed after the cure.</summary>
internal sealed class PoisonMessage : Experiment
{
    private const string Other = "LAB-HEALTHY";
    private Guid _poisoned;
    private Guid _healthy;
    private long _letter;

    public override Description About { get; } = new(
        "poison-message", "A poison message", Hops.Consumer,
        "A message that fails at every attempt holds up no other one. When its tries are used up it waits on the dead-letter desk; replayed after the cure, its order goes on.",
        new Explanation(
            "A message that can't be handled goes to an error queue with its body, its headers and its exception, and the desk collects it. A replay publishes it as it came, and it leaves the desk only when the broker has confirmed it.",
            "dead-letters", "AServiceIsBrokenOnPurpose.When_every_message_with_a_product_fails_others_pass_and_it_works_when_it_is_replayed_after_the_fix",
            new CodePlace("services/Backoffice/ReplayingDeadLetters/Replay.cs", "var problem = await PublishAsync(letter);"),
            new CodePlace("ServiceDefaults/Messaging/Redelivery/RedeliveryFilter.cs", "attempts < delays.Count")),
        Seconds: 40);

    public override IReadOnlyList<string> Queues => ["inventory-reservations", "inventory-reservations_error"];

    public override string? Lacks(SystemShape system) => system.LacksSingleReplicas;

    public override IReadOnlyList<Step> Steps =>
    [
        new("Poison a product", $"Chaos: poison SKU {Sku} for inventory-service.", 30, async (lab, token) =>
        {
            await lab.StockAsync(100, token);
            Trial.Must($"Put {Other} into the warehouse", (await lab.System.UseAsync<InventoryServiceClient, ServiceAnswer<StockRow>>(x => x.SetStockAsync(Other, "For experiments", 1_000_000, token))).Problem);
            await lab.SetChaosAsync(ServiceNames.Inventory, new ChaosState(FailSku: Sku), token);
        }),
        new("Order it, and another product", $"Orders: order one {Sku}, and one {Other}.", 30, async (lab, token) =>
        {
            _poisoned = await lab.PlaceAsync(token, what: "poisoned");
            _healthy = await lab.PlaceAsync(token, sku: Other, what: "healthy");
            await lab.PayAndCompleteAsync(_healthy, token);
            lab.Claim("The other order is not held up.", true, "Completed");
        }),
        new("Wait for the dead letter", "The poisoned order's page counts its tries. After the last one Dead letters has the message.", 120, async (lab, token) =>
        {
            var letters = await lab.UntilAsync("a dead letter of the poisoned order", cancel => lab.System.DeadLettersAsync(_poisoned, cancel), found => found.Count > 0, _ => "none yet", token);
            _letter = letters[0].Letter.Id;
            lab.Note("Dead letter", $"{letters[0].Letter.ExceptionMessage}", $"/desk/{_letter}");
            lab.Claim("It was tried again at once and after each delay.", letters[0] is { Redeliveries: > 0, Retries: > 0 }, $"{letters[0].Redeliveries} redeliveries, {letters[0].Retries} retries after the last");
        }),
        new("Take the poison away, and replay the message", "Chaos: restore inventory-service. Dead letters: replay the message, with a reason.", 30, async (lab, token) =>
        {
            await lab.RestoreAsync(ServiceNames.Inventory, token);
            Trial.Must("Replay the dead letter", await lab.System.ReplayAsync(_letter, lab.By, token));
        }),
        new("See its order go on", "Dead letters: the message is Handled. The order's page: pay it.", 60, async (lab, token) =>
        {
            await lab.PayAndCompleteAsync(_poisoned, token);
            await lab.ClaimReservationAsync(_poisoned, "Committed", token);
            var letter = await lab.UntilAsync("the desk to know that the replay was handled", cancel => lab.System.DeadLettersAsync(_poisoned, cancel),
                found => found.All(x => x.Letter.Status == DeadLetterStatus.Handled), found => string.Join(", ", found.Select(x => x.Letter.Status)), token);
            lab.Claim("It stayed one case, whatever was sent again meanwhile.", letter.Count == 1, Quantity.Of(letter.Count, "case", "cases"));
        }),
    ];
}
