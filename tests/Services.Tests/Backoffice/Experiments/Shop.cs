using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Services.Tests.Backoffice.Experiments;

/// <summary>What may be wrong with the shop.</summary>
public enum Defect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The stock of a cancelled order stays held.</summary>
    KeepsStock,

    /// <summary>What is paid leaves the warehouse twice.</summary>
    CountsTwice,

    /// <summary>One of the orders that wait for the inventory is called off.</summary>
    LosesAnOrder,

    /// <summary>An order that is refused is stored anyhow.</summary>
    StoresRefused,

    /// <summary>A message is parked for an outage.</summary>
    ParksForOutage,
}

/// <summary>All services in memory, as far as experiments look at them: right, or wrong in one way.</summary>
internal sealed class Shop(Defect defect)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, ShopOrder> _orders = [];
    private readonly Dictionary<string, ChaosState> _chaos = [];
    private StockRow _stock = new("none", "", 0, 0, 0);

    /// <summary>Whether the inventory answers.</summary>
    public bool InventoryRuns { get; private set; } = true;

    /// <summary>Whether the broker takes messages.</summary>
    public bool BrokerTakes { get; set; } = true;

    /// <summary>Whether an order that is looked at five times without being paid is cancelled.</summary>
    public bool IsImpatient { get; init; }

    /// <summary>Orders that may be on their way.</summary>
    public int Room { get; init; } = int.MaxValue;

    /// <summary>Messages in the inventory's queue.</summary>
    public int Waiting => _orders.Values.Count(order => order.Status == "Submitted");

    public HostedResource Inventory => new("inventory-service", InventoryRuns ? "Running" : "Stopped", InventoryRuns ? 1 : 0, 1);

    /// <summary>Answers a request.</summary>
    public HttpResponseMessage Answer(HttpMethod method, string path, JsonElement body, string service)
    {
        lock (_gate)
        {
            string[] parts = [.. path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries)];
            return (method.Method, parts) switch
            {
                ("PUT", ["stock", var sku]) => Json(_stock = new StockRow(sku, "", body.GetProperty("onHand").GetInt32(), _stock.Reserved, 0)),
                ("GET", ["stock"]) => Json(new[] { _stock }),
                ("POST", ["orders"]) => Place(body),
                ("GET", ["orders", var id]) => Look(Guid.Parse(id)),
                ("POST", ["orders", var id, "payments"]) => Pay(_orders[Guid.Parse(id)]),
                ("POST", ["orders", var id, "cancellation"]) => Cancel(_orders[Guid.Parse(id)], "Cancelled."),
                ("GET", ["reservations", var id]) => Json(new Reservation(Guid.Parse(id), _orders[Guid.Parse(id)].Stock, [])),
                ("GET", ["notifications"]) => Json(_orders[Guid.Parse(path.Split('=')[1])].Told.Select(kind => new NotificationRow(kind, "Email", "Sent", 1, null))),
                ("GET", ["outbox"]) => Json(new OutboxFill(BrokerTakes ? 0 : _orders.Count, 0, !BrokerTakes && defect == Defect.ParksForOutage ? 1 : 0, null, BrokerTakes ? null : new DeliveryPause("The broker blocks.", default), [])),
                ("PUT", ["chaos"]) => Json(_chaos[service] = new ChaosState(body.TryGetProperty("failureRate", out var rate) ? rate.GetDouble() : 0)),
                ("GET", ["chaos"]) => Json(_chaos.GetValueOrDefault(service) ?? new ChaosState()),
                ("GET", ["resources"]) => Json(new HostedResource[] { Inventory, new("order-service", "Running", 1, 1), new("notification-service", "Running", 1, 1) }),
                ("POST", ["resources", "inventory-service", "stop"]) => Switch(runs: false),
                ("POST", ["resources", "inventory-service", "start"]) => Switch(runs: true),
                ("GET", ["api", "queues", ..]) => Json(new { items = new[] { new { name = "inventory-reservations", messages = Waiting, consumers = 1 } } }),
                _ => new HttpResponseMessage(HttpStatusCode.NotFound),
            };
        }
    }

    /// <summary>Puts everything back.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            _chaos.Clear();
            BrokerTakes = true;
            Switch(runs: true);
        }
    }

    /// <summary>The broker takes messages again.</summary>
    public void Deliver()
    {
        lock (_gate)
        {
            BrokerTakes = true;
            Switch(runs: true);
        }
    }

    private HttpResponseMessage Place(JsonElement body)
    {
        var order = new ShopOrder(body.GetProperty("orderId").GetGuid(), body.GetProperty("lines")[0].GetProperty("quantity").GetInt32());
        var isFull = _orders.Values.Count(x => x.Status is "Submitted" or "AwaitingPayment") >= Room;
        if (!isFull || defect == Defect.StoresRefused)
            _orders[order.Id] = order;
        if (isFull)
            return new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = JsonContent.Create(new { detail = "Too many orders are on their way." }) };
        Go(order);
        return Json(new TakenOrder(order.Id, order.Status), HttpStatusCode.Accepted);
    }

    private HttpResponseMessage Look(Guid id)
    {
        if (!_orders.TryGetValue(id, out var order))
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        if (IsImpatient && order.Status == "AwaitingPayment" && ++order.Looks >= 5)
            Cancel(order, "Not paid in time.");
        return Json(new OrderDetails(id, order.Status, 10, new("Lab", "lab@example.com", null), [], default, default, order.Reason, [], []));
    }

    private HttpResponseMessage Pay(ShopOrder order)
    {
        (order.IsPaid, var again) = (true, order.IsPaid);
        if (order.Status == "Cancelled" && !again)
            order.Told.Add("PaymentRefunded");
        Go(order);
        return Json(new TakenOrder(order.Id, order.Status), HttpStatusCode.Accepted);
    }

    private HttpResponseMessage Cancel(ShopOrder order, string reason)
    {
        if (order.Status == "Completed")
            return new HttpResponseMessage(HttpStatusCode.Conflict);
        (order.Status, order.Reason) = ("Cancelled", reason);
        order.Told.Add("OrderCancelled");
        if (defect == Defect.KeepsStock)
            return Json(new TakenOrder(order.Id, order.Status));
        Move(reserved: order.Stock == "Held" ? -order.Quantity : 0, onHand: 0);
        order.Stock = "Released";
        return Json(new TakenOrder(order.Id, order.Status));
    }

    private HttpResponseMessage Switch(bool runs)
    {
        InventoryRuns = runs;
        if (runs && defect == Defect.LosesAnOrder && _orders.Values.FirstOrDefault(order => order.Status == "Submitted") is { } lost)
            lost.Status = "Cancelled";
        foreach (var order in _orders.Values.ToList())
            Go(order);
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private void Go(ShopOrder order)
    {
        if (order.Status == "Submitted" && InventoryRuns && BrokerTakes)
        {
            (order.Status, order.Stock) = ("AwaitingPayment", "Held");
            Move(reserved: order.Quantity, onHand: 0);
        }

        if (order is { Status: "AwaitingPayment", IsPaid: true })
        {
            (order.Status, order.Stock) = ("Completed", "Committed");
            Move(reserved: -order.Quantity, onHand: -order.Quantity * (defect == Defect.CountsTwice ? 2 : 1));
        }
    }

    private void Move(int reserved, int onHand) => _stock = _stock with { Reserved = _stock.Reserved + reserved, OnHand = _stock.OnHand + onHand };

    private static HttpResponseMessage Json<T>(T value, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = JsonContent.Create(value) };

    private sealed class ShopOrder(Guid id, int quantity)
    {
        public Guid Id => id;

        public int Quantity => quantity;

        public string Status { get; set; } = "Submitted";

        public string Stock { get; set; } = "None";

        public string? Reason { get; set; }

        public bool IsPaid { get; set; }

        public int Looks { get; set; }

        public List<string> Told { get; } = [];
    }
}
