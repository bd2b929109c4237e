using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Dashboard;

/// <summary>What a presenter can do to the services by a click in the dashboard, through their HTTP APIs.</summary>
internal static class DemoCommands
{
    private const int Orders = 20;

    /// <summary>Of the inventory's first stock, what there is enough of for any demo.</summary>
    private static readonly (string Sku, decimal UnitPrice)[] Products =
        [("FILTER-PAPER", 4.50m), ("BEANS-1KG", 24.90m), ("BEANS-250G", 7.90m), ("CUP-SMALL", 6m), ("CUP-LARGE", 8m)];

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Adds commands that place orders.</summary>
    public static IResourceBuilder<ProjectResource> TakesDemoOrders(this IResourceBuilder<ProjectResource> orders) => orders
        .WithAction("place-orders", $"Place {Orders} orders", "Orders of one to three products, which wait for their payment.", "Cart", async (service, token) =>
        {
            await PlaceAsync(service, token);
            return $"{Orders} orders are placed. Without a payment they are cancelled after a while.";
        }, $"Place {Orders} orders?")
        .WithAction("place-and-pay-orders", $"Place and pay {Orders}", "Orders of one to three products, each paid at once.", "Payment", async (service, token) =>
        {
            foreach (var order in await PlaceAsync(service, token))
                await SendAsync(HttpMethod.Post, $"{service}/orders/{order.OrderId}/payments", new { paymentId = Guid.NewGuid(), amount = order.Total }, token);
            return $"{Orders} orders are placed and paid.";
        }, $"Place {Orders} orders, and pay them?");

    /// <summary>Adds commands that break a service and restore it.</summary>
    public static IResourceBuilder<ProjectResource> CanBeBroken(this IResourceBuilder<ProjectResource> service) => service
        .WithAction("fail", "Fail every second message", "Half of all attempts to consume a message fail before they have any effect.", "ErrorCircle",
            async (address, token) =>
            {
                await SendAsync(HttpMethod.Put, $"{address}/chaos", new { failureRate = 0.5 }, token);
                return $"{Which(service)} fails every second message now. Messages are retried, so orders still complete.";
            }, $"Have {service.Resource.Name} fail every second message?")
        .WithAction("restore", "Restore", "Ends failures, delays and crashes that were caused on purpose.", "ArrowUndo", async (address, token) =>
        {
            await SendAsync(HttpMethod.Put, $"{address}/chaos", new { }, token);
            return $"{Which(service)} works as it should again.";
        }, $"End failures, delays and crashes of {service.Resource.Name}?");

    /// <summary>The switch is each process's own, and of several one answers.</summary>
    private static string Which(IResourceBuilder<ProjectResource> service)
    {
        var replicas = service.ApplicationBuilder.ReplicasOfEachService();
        return replicas == 1 ? service.Resource.Name : $"One of the {replicas} replicas of {service.Resource.Name}";
    }


    /// <summary>Adds commands for operators to the console.</summary>
    /// <param name="console">The console.</param>
    /// <param name="orders">Who reconciles.</param>
    public static IResourceBuilder<ProjectResource> ServesOperators(this IResourceBuilder<ProjectResource> console, IResourceBuilder<ProjectResource> orders) => console
        .WithAction("new-sign-in-link", "New sign-in link", "Makes a link that signs one operator in, once.", "PersonKey", async (address, token) =>
        {
            var access = console.Resource.Annotations.OfType<SwitchAccess>().Single();
            var made = await SendAsync(HttpMethod.Post, $"{address}/access/links/app-host", new { }, token, (SwitchAccess.Header, access.Key));
            return made.GetProperty("link").GetString()!;
        }, "Make a link that signs one operator in?")
        .WithAction("reconcile", "Reconcile now", "Compares the ledgers of orders, stock, payments and notifications, and repairs what has one safe repair.", "ClipboardCheckmark",
            async (_, token) =>
            {
                await SendAsync(HttpMethod.Post, $"{orders.GetEndpoint("http").Url}/reconciliation/runs", new { }, token);
                return "A reconciliation run has begun. The console shows what it finds.";
            }, "Begin a reconciliation run?");

    private static async Task<IReadOnlyList<PlacedOrder>> PlaceAsync(string service, CancellationToken cancellationToken)
    {
        var orders = Enumerable.Range(1, Orders).Select(n => new
        {
            customer = new { name = $"Demo customer {n}", email = $"customer{n}@example.com" },
            lines = Random.Shared.GetItems(Products, Random.Shared.Next(1, 4)).DistinctBy(x => x.Sku)
                .Select(x => new { sku = x.Sku, quantity = Random.Shared.Next(1, 4), unitPrice = x.UnitPrice }),
        });
        var answer = await SendAsync(HttpMethod.Post, $"{service}/orders/batch", new { orders }, cancellationToken);
        return answer.GetProperty("orders").Deserialize<IReadOnlyList<PlacedOrder>>(JsonSerializerOptions.Web)!;
    }

    /// <returns>The answer's body.</returns>
    /// <exception cref="HttpRequestException">The service refuses; the message says why.</exception>
    private static async Task<JsonElement> SendAsync(HttpMethod method, string url, object body, CancellationToken cancellationToken, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = JsonContent.Create(body) };
        if (header is { } added)
            request.Headers.Add(added.Name, added.Value);
        using var response = await Http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)response.StatusCode} {response.ReasonPhrase}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    private static IResourceBuilder<ProjectResource> WithAction(this IResourceBuilder<ProjectResource> service, string name, string displayName,
        string description, string icon, Func<string, CancellationToken, Task<string>> act, string confirmation) =>
        service.WithCommand(name, displayName, async context =>
        {
            try
            {
                return CommandResults.Success(await act(service.GetEndpoint("http").Url, context.CancellationToken));
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !context.CancellationToken.IsCancellationRequested)
            {
                return CommandResults.Failure(exception.Message);
            }
        }, new CommandOptions
        {
            Description = description,
            IconName = icon,
            ConfirmationMessage = confirmation,
            UpdateState = context => context.ResourceSnapshot.HealthStatus == HealthStatus.Healthy ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        });

    private sealed record PlacedOrder(Guid OrderId, decimal Total);
}
