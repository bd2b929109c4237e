namespace OrderSample.Nemesis.Checking;

/// <summary>All rules, the most telling first: what an order lost says more than what is left somewhere.</summary>
internal static class Rules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        OrderRules.AcceptedIsKnown, OrderRules.AcceptedIsFinal, OrderRules.OutcomeIsLegal, StockRules.OfEachOrder, StockRules.ReservedIsHeld, StockRules.LeftIsCompleted,
        MoneyRules.OfEachOrder, MoneyRules.OfAll, NoticeRules.ToldOnce, NoticeRules.OneMailForEach,
        MessageRules.AccountedFor, MessageRules.OneAnswerForEachCommand, MessageRules.NothingIsParked, MessageRules.NothingIsDead, MessageRules.NothingIsLeft, MessageRules.EveryBindingIsBack,
        ServiceRules.LedgersAgree, ServiceRules.EveryoneIsAnswered, ServiceRules.AnswersAreOfAnOutage, ServiceRules.NothingEnded, ServiceRules.HealthIsGreen,
    ];

    /// <summary>What a run has violated, in the sequence of the rules.</summary>
    public static IReadOnlyList<Violation> Check(Facts facts) => [.. All.SelectMany(rule => rule.Violations(facts))];
}
