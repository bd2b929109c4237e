using OrderSample.EndToEnd.Tests.Running;
using OrderSample.Nemesis.Checking;
using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Bench.Tests;

/// <summary>A small run in which everything went well, and what each rule says when one thing of it did not.</summary>
public sealed class EachRuleFindsWhatItIsFor
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 29, 6, 0, 0, TimeSpan.Zero);
    private static readonly Guid Completed = new("10000000-0000-0000-0000-000000000000");
    private static readonly Guid Late = new("20000000-0000-0000-0000-000000000000");
    private static readonly Guid Called = new("30000000-0000-0000-0000-000000000000");
    private static readonly Guid Short = new("40000000-0000-0000-0000-000000000000");

    private static readonly Dictionary<string, Func<Facts, Facts>> Planted = new()
    {
        ["every accepted order is known"] = facts => facts with { Orders = facts.Orders.Where(x => x.Key != Called).ToDictionary() },
        ["every accepted order is final"] = facts => facts.With(Called, x => x with { Status = "Cancelling" }),
        ["every order ends as its customer meant, or was too late for"] = facts => facts.With(Late, x => x with { Payments = [x.Payments[0] with { At = Begin.AddSeconds(5) }] }),
        ["an order and its reservation agree"] = facts => facts.With(Completed, x => x with { Reservation = "Held" }),
        ["what is reserved is held for an order"] = facts => facts with { Stock = [facts.Stock[0] with { Reserved = 2 }, facts.Stock[1]] },
        ["what left the shelf is what completed orders ordered"] = facts => facts with { Stock = [facts.Stock[0] with { OnHand = 96 }, facts.Stock[1]] },
        ["of each order the money is kept that it costs, if it was completed"] = facts => facts.With(Late, x => x with { Refunds = [] }),
        // Of an order that is not final, which the rule for each of them leaves alone.
        ["money paid less money given back is what completed orders cost"] = facts => facts.With(Called, x => x with { Status = "Cancelling", Payments = [new Money(Guid.NewGuid(), 25, Begin)] }),
        ["every customer is told everything exactly once"] = facts => facts.With(Completed, x => x with { Notices = [.. x.Notices, x.Notices[0]] }),
        ["for each e-mail in the ledger there is one mail"] = facts => facts with { Mails = [.. facts.Mails.Skip(1)] },
        ["every message is accounted for"] = facts => facts with { Messages = [.. facts.Messages, Message("StockReserved", Called, consumers: 0)] },
        ["every stock command is answered once"] = facts => facts with { Messages = [.. facts.Messages, Message("StockReserved", Completed)] },
        ["nothing is parked"] = facts => facts with { Outboxes = [Parked("The connection to the broker was lost")] },
        ["nothing is a dead letter"] = facts => facts with { DeadLetters = [DeadLetter("Failed")] },
        ["queues and outboxes are empty"] = facts => facts with { Queues = new Dictionary<string, long> { ["order-saga"] = 1 } },
        ["what was deleted is made anew"] = facts => facts with { Gaps = [new GapLine("order-saga to queue order-saga", Begin)] },
        ["reconciliation finds nothing at last"] = facts => facts with { Discrepancies = ["OrderStuck"] },
        ["every customer is answered in the end"] = facts => facts with { Offered = [facts.Offered[0] with { Outcome = "not accepted" }, .. facts.Offered.Skip(1)] },
        ["whoever can't be served is told to come again"] = facts => facts with { Offered = [facts.Offered[0] with { Requests = [Answer(500), .. facts.Offered[0].Requests] }, .. facts.Offered.Skip(1)] },
        ["every process runs"] = facts => facts with { Ended = ["inventory-service"] },
        ["every service is healthy within a minute"] = facts => facts with { Health = new Dictionary<string, HealthFacts> { ["backoffice"] = new(TimeSpan.FromSeconds(61), "Degraded") } },
    };

    public static TheoryData<string> Names => [.. Rules.All.Select(x => x.Name)];

    [Fact]
    public void Nothing_where_all_went_well() => Assert.Empty(Rules.Check(Sound()));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_planted_for_it(string rule) =>
        Assert.Single(Rules.All.Single(x => x.Name == rule).Violations(Planted[rule](Sound())));

    [Theory]
    [InlineData(nameof(OrderPlan.Paid), "Rejected")]
    [InlineData(nameof(OrderPlan.Paid), "Cancelled")]
    [InlineData(nameof(OrderPlan.Unpaid), "Completed")]
    [InlineData(nameof(OrderPlan.Cancelled), "Completed")]
    [InlineData(nameof(OrderPlan.Short), "Cancelled")]
    [InlineData(nameof(OrderPlan.Short), "Completed")]
    public void An_end_that_no_customer_can_have_brought_about(string plan, string status) =>
        Assert.Single(OrderRules.OutcomeIsLegal.Violations(Ending(plan, status)));

    [Theory]
    [InlineData(nameof(OrderPlan.Paid), "Completed")]
    [InlineData(nameof(OrderPlan.PaidAndCancelled), "Completed")]
    [InlineData(nameof(OrderPlan.PaidAndCancelled), "Cancelled")]
    [InlineData(nameof(OrderPlan.Unpaid), "Cancelled")]
    [InlineData(nameof(OrderPlan.Short), "Rejected")]
    public void But_no_other_end(string plan, string status) => Assert.Empty(OrderRules.OutcomeIsLegal.Violations(Ending(plan, status)));

    [Theory]
    [InlineData("the way was missing", "inventory-reservations to queue inventory-reservations", -60, 1, true)]
    [InlineData("another one was", "order-refunds to queue order-refunds", -60, 1, false)]
    [InlineData("it was at another time", "inventory-reservations to queue inventory-reservations", -60, -1, false)]
    public void A_person_sends_a_command_again_only_where_its_own_way_was_missing_when_it_was_sent(string because, string binding, int from, int to, bool sent)
    {
        GapLine[] gaps = [new(binding, Begin.AddSeconds(from), Begin.AddSeconds(to))];
        Assert.True(Unbound.Was(Parked("No queue is bound to the exchange inventory-reservations for this message."), gaps) == sent, because);
        Assert.Equal(sent, Unbound.Was(Parked("There is no exchange inventory-reservations, and only the service that owns it may declare it."), gaps));
        Assert.False(Unbound.Was(Parked("The connection to the broker was lost"), gaps));
    }

    [Theory]
    [InlineData("OrderSample.Contracts.Inventory.Events:StockReserved to exchange order-saga_events", true)]
    [InlineData("order-saga_events to queue order-saga", true)]
    [InlineData("OrderSample.Contracts.Inventory.Events:StockShort to exchange order-saga_events", false)]
    [InlineData("notification-email_events to queue notification-email", false)]
    public void And_an_event_only_where_its_own_way_was(string binding, bool sent)
    {
        GapLine[] gaps = [new(binding, Begin.AddSeconds(-1), Begin.AddSeconds(1))];
        Assert.Equal(sent, Unbound.Was(DeadLetter("Unrouted") with { Endpoint = "OrderSample.Contracts.Inventory.Events:StockReserved" }, gaps));
        Assert.False(Unbound.Was(DeadLetter("Failed") with { Endpoint = "OrderSample.Contracts.Inventory.Events:StockReserved" }, gaps));
    }

    [Fact]
    public void A_deletion_leaves_a_gap_even_if_it_is_over_before_anybody_looks()
    {
        string[] Gaps(string kind, string target) => [.. BindingsWatch.LeastOf(new FaultLine(1, kind, target, Begin, Begin.AddSeconds(1))).Select(x => x.Binding)];
        Assert.Equal(["order-refunds to queue order-refunds", "order-refunds_events to queue order-refunds"], Gaps("queue-deleted", "order-refunds"));
        Assert.Equal(["order-refunds to queue order-refunds"], Gaps("binding-deleted", "order-refunds to queue order-refunds"));
        Assert.Contains("OrderSample.Contracts.Ordering.Events:RefundDue to exchange order-refunds_events", Gaps("exchange-deleted", "order-refunds_events"));
        Assert.Empty(BindingsWatch.LeastOf(new FaultLine(1, "queue-deleted", "order-refunds", Begin: null)));
    }

    [Fact]
    public void A_message_that_may_have_been_in_a_deleted_queue_need_not_be_accounted_for_and_every_other_must()
    {
        var lost = Sound() with { Messages = [Message("StockReserved", Called, consumers: 0)] };
        Assert.Equal(0, Unaccounted(lost, "order-saga"));
        Assert.Equal(1, Unaccounted(lost, "inventory-reservations"));
        Assert.Equal(1, Unaccounted(lost with { Messages = [lost.Messages[0] with { SentAt = Begin.AddSeconds(40) }] }, "order-saga"));

        static int Unaccounted(Facts facts, string deleted) =>
            MessageRules.AccountedFor.Violations(facts with { Faults = [new FaultLine(1, "queue-deleted", deleted, Begin.AddSeconds(30), Begin.AddSeconds(31))] }).Count;
    }

    [Fact]
    public void The_story_of_an_order_has_all_that_is_known_of_it()
    {
        var story = string.Join('\n', Story.Of(Late, Sound() with { Faults = [new FaultLine(1, "kill", "postgres", Begin.AddSeconds(3), Begin.AddSeconds(9)), new FaultLine(2, "kill", "rabbitmq", Begin.AddHours(1), Begin.AddHours(1))] }));

        foreach (var part in (string[])["Cancelled Not paid in time.", "POST /orders", "StockReserved", "paid 25", "given back 25", "PaymentRefunded", "2 of 2 consumers", "kill postgres"])
            Assert.Contains(part, story, StringComparison.Ordinal);
        Assert.DoesNotContain("rabbitmq", story, StringComparison.Ordinal);
    }

    private static Facts Ending(string plan, string status)
    {
        var facts = Sound().With(Completed, x => x with { Status = status });
        return facts with { Offered = [facts.Offered[0] with { Plan = Enum.Parse<OrderPlan>(plan) }] };
    }

    private static Facts Sound()
    {
        OrderFacts[] orders =
        [
            Order(Completed, "Completed", "Committed", ["StockReserved", "PaymentReceived", "StockCommitted"], paidAfter: 2, "OrderReserved", "OrderCompleted"),
            Order(Late, "Cancelled", "Released", ["StockReserved", "PaymentTimeoutExpired", "StockReleased"], paidAfter: 62, "OrderReserved", "OrderCancelled", "PaymentRefunded"),
            Order(Called, "Cancelled", "Released", ["CancellationRequested"], paidAfter: null, "OrderCancelled"),
            Order(Short, "Rejected", "Refused", ["StockShort"], paidAfter: null, "OrderRejected"),
        ];
        return new Facts
        {
            Offered = [Offered(Completed, OrderPlan.Paid), Offered(Late, OrderPlan.Paid), Offered(Called, OrderPlan.Cancelled), Offered(Short, OrderPlan.Short)],
            Orders = orders.ToDictionary(x => x.OrderId),
            Stock = [new StockFacts("NEMESIS-1", Before: 100, OnHand: 98, Reserved: 0), new StockFacts("NEMESIS-2", Before: 5, OnHand: 5, Reserved: 0)],
            Messages = [Message("ReserveStock", Completed), Message("StockReserved", Completed), Message("CommitStock", Completed), Message("StockCommitted", Completed), Message("OrderReserved", Late, consumers: 2)],
            Queues = new Dictionary<string, long>(),
            Outboxes = [],
            DeadLetters = [],
            Mails = [.. orders.SelectMany(order => order.Notices.Where(x => x.Channel == "Email").Select(x => $"{order.OrderId:N}.{x.Kind}{(x.Reference.Length == 0 ? "" : $".{x.Reference}")}.eml"))],
            Discrepancies = [],
            Health = new Dictionary<string, HealthFacts> { ["order-service"] = new(TimeSpan.FromSeconds(2), null) },
            Ended = [],
            Faults = [],
            Gaps = [],
            PaymentTimeout = TimeSpan.FromMinutes(1),
        };
    }

    private static OrderFacts Order(Guid id, string status, string reservation, string[] timeline, int? paidAfter, params string[] told)
    {
        Money[] payments = paidAfter is { } seconds ? [new Money(id, 25, Begin.AddSeconds(seconds))] : [];
        return new OrderFacts(id, status, status == "Cancelled" ? "Not paid in time." : null, 25, [.. timeline.Select((x, i) => new Happened(Begin.AddSeconds(x == "PaymentTimeoutExpired" ? 60 : i), x, null))], [new Line("NEMESIS-1", 2)],
            payments, status == "Completed" ? [] : payments, reservation,
            [.. ((string[])["Email", "Sms"]).SelectMany(channel => told.Select(kind => new Notice(kind, kind == "PaymentRefunded" ? id.ToString() : "", channel, "Sent", Attempts: 1)))]);
    }

    private static OrderLine Offered(Guid id, OrderPlan plan) => new(id, plan, "accepted", [Answer(202)]);

    private static Request Answer(int status) => new(Begin, "POST /orders", status, RetryAfter: false, Took: 0.01);

    private static NotedMessage Message(string kind, Guid order, int consumers = 1) => new(Guid.NewGuid(), kind, order, Begin, consumers, Expected: Math.Max(1, consumers), IsKept: false);

    private static DeadLetterFacts DeadLetter(string cause) => new(1, cause, "order-saga_error", "order-saga", "StockReserved", "no", Called, Begin, Begin);

    private static OutboxFacts Parked(string error) => new("orders-db", Id: 1, "ReserveStock", Called, Begin, IsParked: true, IsScheduled: false, Attempts: 12, error);
}

internal static class ChangedFacts
{
    public static Facts With(this Facts facts, Guid order, Func<OrderFacts, OrderFacts> change) =>
        facts with { Orders = facts.Orders.ToDictionary(x => x.Key, x => x.Key == order ? change(x.Value) : x.Value) };
}
