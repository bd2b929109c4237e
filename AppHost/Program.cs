using OrderSample.AppHost;
using OrderSample.AppHost.LeastPrivilege;

var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = args,
    DisableDashboard = args.Contains("--dashboard=false"),
});
var replicas = builder.ReplicasOfEachService();

// What the services stand on.
var broker = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume();
var postgres = builder.AddPostgres("postgres").WithDataVolume();

// Three services that know one another only by messages. Each has a database of its own, and may use nothing else.
builder.AddProject<Projects.OrderService>("order-service")
    .WithHttpEndpoint(port: 5101).WithHttpHealthCheck("/health/ready").WithReplicas(replicas)
    .UsesBrokerAndDatabase(broker, postgres.AddDatabase("orders-db")).WithDemoSettings();

builder.AddProject<Projects.InventoryService>("inventory-service")
    .WithHttpEndpoint(port: 5102).WithHttpHealthCheck("/health/ready").WithReplicas(replicas)
    .UsesBrokerAndDatabase(broker, postgres.AddDatabase("inventory-db")).WithDemoSettings();

builder.AddProject<Projects.NotificationService>("notification-service")
    .WithHttpEndpoint(port: 5103).WithHttpHealthCheck("/health/ready").WithReplicas(replicas)
    .UsesBrokerAndDatabase(broker, postgres.AddDatabase("notifications-db")).WithDemoSettings();

// For people: what the services could not handle ends on its dead-letter desk.
builder.AddProject<Projects.Backoffice>("backoffice")
    .WithHttpEndpoint(port: 5100).WithHttpHealthCheck("/health/ready")
    .UsesBrokerAndDatabase(broker, postgres.AddDatabase("backoffice-db")).WithDemoSettings()
    .WithEnvironment("DeadLetters__ManagementUrl", broker.GetEndpoint("management"));

builder.ReportStartup();
await builder.Build().RunAsync();
return Environment.ExitCode;
