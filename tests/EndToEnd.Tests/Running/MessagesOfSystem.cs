namespace OrderSample.EndToEnd.Tests.Running;

/// <content>The ledger of the system that the tests run.</content>
internal sealed partial class MessageLedger
{
    private OrderSystem? _system;

    public static async Task<MessageLedger> Open(OrderSystem system)
    {
        var ledger = new MessageLedger(system.OpenDatabase) { _system = system };
        await ledger.Begin();
        return ledger;
    }

    /// <summary>Waits until each message noted is accounted for, and its kind by equally many consumers.</summary>
    public async Task MustAccountForAll() => await _system!.Eventually("every message to be accounted for", async token =>
    {
        var all = await Read(token);
        Assert.NotEmpty(all);
        return new Missing([.. all.Where(x => x.IsUnaccounted)]);
    }, missing => missing.Messages.Length == 0);

    private sealed record Missing(NotedMessage[] Messages)
    {
        public override string ToString() => $"{Messages.Length} unaccounted for: {string.Join(", ", Messages.Take(10).Select(x => x.ToString()))}";
    }
}
