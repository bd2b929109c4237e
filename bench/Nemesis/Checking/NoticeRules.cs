namespace OrderSample.Nemesis.Checking;

/// <summary>Customers are told everything, once.</summary>
internal static class NoticeRules
{
    private static readonly string[] Channels = ["Email", "Sms"];

    public static Rule ToldOnce { get; } = new("every customer is told everything exactly once", facts =>
        from order in facts.Orders.Values
        where order.IsFinal
        from finding in Differences(order)
        select finding);

    public static Rule OneMailForEach { get; } = new("for each e-mail in the ledger there is one mail", facts =>
    {
        var noted = facts.Orders.Values.SelectMany(order => order.Notices.Where(x => x.Channel == "Email")
            .Select(x => (Name: x.Reference.Length == 0 ? $"{order.OrderId:N}.{x.Kind}.eml" : $"{order.OrderId:N}.{x.Kind}.{x.Reference}.eml", order.OrderId))).ToList();
        var sent = facts.Mails.ToHashSet();
        var names = noted.Select(x => x.Name).ToHashSet();
        return [
            .. noted.Where(x => !sent.Contains(x.Name)).Select(x => new Finding($"There is no mail {x.Name}.", x.OrderId)),
            .. facts.Mails.Where(x => !names.Contains(x)).Select(x => new Finding($"Nobody noted that the mail {x} was sent.", Guid.TryParse(x.Split('.')[0], out var order) ? order : null)),
        ];
    });

    private static IEnumerable<Finding> Differences(OrderFacts order)
    {
        var noticed = order.Notices.ToLookup(x => (x.Kind, x.Reference, x.Channel));
        var expected = Channels.SelectMany(channel => Expected(order).Select(x => (x.Kind, x.Reference, channel))).ToHashSet();
        foreach (var (kind, reference, channel) in expected)
        {
            if (noticed[(kind, reference, channel)].Count() is not 1 and var times)
                yield return new Finding($"{kind} of order {order.OrderId} was told {times} times by {channel}.", order.OrderId);
            else if (noticed[(kind, reference, channel)].Single() is { } notice && (notice.Status == "Failed" || notice.Attempts != 1))
                yield return new Finding($"{kind} of order {order.OrderId} by {channel} is {notice.Status} after {notice.Attempts} attempts.", order.OrderId);
        }

        foreach (var key in noticed.Select(x => x.Key).Where(key => !expected.Contains(key)))
            yield return new Finding($"{key.Kind} {key.Reference} by {key.Channel} was not called for by order {order.OrderId}, which is {order.Status}.", order.OrderId);
    }

    /// <summary>An order that is cancelled before its stock is held was never reserved, as far as its customer knows.</summary>
    private static IEnumerable<(string Kind, string Reference)> Expected(OrderFacts order) =>
    [
        .. order.When("StockReserved") is null ? Array.Empty<(string, string)>() : [("OrderReserved", "")],
        ($"Order{order.Status}", ""),
        .. order.Refunds.Select(x => ("PaymentRefunded", x.PaymentId.ToString())),
    ];
}
