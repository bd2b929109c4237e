using OrderSample.AppHost;
using OrderSample.AppHost.Clustering;
using OrderSample.AppHost.Databases;
using OrderSample.AppHost.LeastPrivilege;
using OrderSample.AppHost.Switching;

var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = args,
    DisableDashboard = args.Contains("--dashboard=false"),
});
var replicas = builder.ReplicasOfEachService();

// What the services stand on. The broker may be a cluster, and HAProxy stand before it.
var rabbitmq = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().KeepsData()
    .WithCluster(nodes: builder.NodesOfBroker()).WithSpareNode();
var broker = builder.RouteToBroker(rabbitmq);
var databases = builder.AddDatabaseServer();

// Three services that know one another only by messages. Each has a database of its own, and may use nothing else.
var orders = builder.AddProject<Projects.OrderService>("order-service")
    .WithHttpEndpoint(port: 5101).WithHttpHealthCheck("/health/ready").WithReplicas(replicas)
    .UsesBrokerAndDatabase(broker, databases.AddDatabase("orders-db")).WithDemoSettings();

var inventory = builder.AddProject<Projects.InventoryService>("inventory-service")
    .WithHttpEndpoint(port: 5102).WithHttpHealthCheck("/health/ready").WithReplicas(replicas)
    .UsesBrokerAndDatabase(broker, databases.AddDatabase("inventory-db")).WithDemoSettings();

var notifications = builder.AddProject<Projects.NotificationService>("notification-service")
    .WithHttpEndpoint(port: 5103).WithHttpHealthCheck("/health/ready").WithReplicas(replicas)
    .UsesBrokerAndDatabase(broker, databases.AddDatabase("notifications-db")).WithDemoSettings();

// For people: a console that shows what the services do, and a desk for what they could not handle.
builder.AddProject<Projects.Backoffice>("backoffice")
    .WithHttpEndpoint(port: 5100).WithHttpHealthCheck("/health/ready").WithReplicas(replicas)
    .UsesBrokerAndDatabase(broker, databases.AddDatabase("backoffice-db")).WithDemoSettings()
    .ReadsManagementOf(broker)
    .WithSignInLink("SignIn__Token")
    .WithEnvironment("Services__OrderService", orders.GetEndpoint("http"))
    .WithEnvironment("Services__InventoryService", inventory.GetEndpoint("http"))
    .WithEnvironment("Services__NotificationService", notifications.GetEndpoint("http"))
    .WithDashboardAddress("Services__Dashboard")
    .MayStopAndStart(orders, inventory, notifications, rabbitmq);

builder.ReportStartup();
await builder.Build().RunAsync();
return Environment.ExitCode;
