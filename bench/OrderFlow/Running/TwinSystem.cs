using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Bench.Twin;
using OrderSample.Servers;

namespace OrderSample.Bench.Running;

/// <summary>Starts the twin: the same servers and the same three processes, with what the app host gives the real services.</summary>
internal static class TwinSystem
{
    public const string Name = "twin";

    public static async Task<SystemUnderTest> Start(CancellationToken cancellationToken)
    {
        var mails = Directory.CreateTempSubdirectory("ordersample-bench-").FullName;
        var builder = ServersOnly.CreateBuilder();
        var broker = builder.AddBroker(SystemUnderTest.Broker);
        var postgres = builder.AddPostgresServer(SystemUnderTest.Database);

        IResourceBuilder<ExecutableResource> Add(string role, string database)
        {
            var service = builder.AddExecutable($"{role}-service", "dotnet", AppContext.BaseDirectory, "exec", typeof(TwinRole).Assembly.Location, role)
                .WithHttpEndpoint(isProxied: false).WithHttpHealthCheck("/health/ready")
                .WithReference(broker.Resource, "rabbitmq").WithReference(postgres.AddDatabase(database), "database")
                .WaitFor(broker.Resource).WaitFor(postgres.Resource)
                .WithEnvironment("Mail__Folder", mails);
            return service.WithEnvironment("ASPNETCORE_URLS", service.GetEndpoint("http"));
        }

        var inventory = Add("inventory", "inventory-db");
        var notification = Add("notification", "notifications-db");
        Add("order", "orders-db")
            .WithEnvironment("Serial__Inventory", inventory.GetEndpoint("http")).WithEnvironment("Serial__Notification", notification.GetEndpoint("http"));
        builder.Services.AddHostedService(_ => new RemovedAtTheEnd(mails));
        return await SystemUnderTest.Start(Name, builder, _ => Task.FromResult(builder.Build()), cancellationToken);
    }
}
