using OrderSample.AppHost;
using OrderSample.AppHost.Breaking;
using OrderSample.AppHost.Clustering;
using OrderSample.AppHost.Dashboard;
using OrderSample.AppHost.Databases;
using OrderSample.AppHost.LeastPrivilege;
using OrderSample.AppHost.Starting;
using OrderSample.AppHost.Switching;
using OrderSample.Servers;

if (args is ["lab", .. var experiment])
    return await LabCommand.RunAsync(experiment);

var builder = StartingExtensions.CreateBuilder(args);

// What the services stand on. The broker may be a cluster, and HAProxy stand before it.
var rabbitmq = builder.AddBroker("rabbitmq", builder.NodesOfBroker()).IsShownAsBroker(icon: "MailMultiple");
var broker = builder.RouteToBroker(rabbitmq);
var databases = builder.AddDatabaseServer();
var (ordersDb, inventoryDb, notificationsDb, backofficeDb) =
    (databases.AddDatabase("orders-db"), databases.AddDatabase("inventory-db"), databases.AddDatabase("notifications-db"), databases.AddDatabase("backoffice-db"));

// Three services that know one another only by messages. Each has a database of its own, and may use nothing else.
var orders = builder.AddService<Projects.OrderService>("order-service", offset: 1)
    .UsesBrokerAndDatabase(broker, ordersDb).WithDemoSettings()
    .IsShownAsApi(icon: "Cart").TakesDemoOrders().CanBeBroken();

var inventory = builder.AddService<Projects.InventoryService>("inventory-service", offset: 2)
    .UsesBrokerAndDatabase(broker, inventoryDb).WithDemoSettings()
    .IsShownAsApi(icon: "BuildingFactory").CanBeBroken();

var notifications = builder.AddService<Projects.NotificationService>("notification-service", offset: 3)
    .UsesBrokerAndDatabase(broker, notificationsDb).KeepsMails().WithDemoSettings()
    .IsShownAsApi(icon: "Mail").CanBeBroken();

// For people: a console that shows what the services do, and a desk for what they could not handle.
builder.AddService<Projects.Backoffice>("backoffice", offset: 0)
    .UsesBrokerAndDatabase(broker, backofficeDb).WithDemoSettings()
    .ReadsManagementOf(broker)
    .WithReference(orders).WithReference(inventory).WithReference(notifications)
    .WithSignInLink("SignIn__Token")
    .WithDashboardAddress("Dashboard__Url")
    .WithFolderOfData("Handbook__DataFolder")
    .MayStopAndStart(orders, inventory, notifications, rabbitmq.Resource)
    .RunsExperiments(rabbitmq, orders, inventory, notifications)
    .IsShownAsConsole(icon: "DesktopKeyboard").ServesOperators(orders);

await builder.EnsurePortsAreFreeAsync();
builder.ReportStartup();
builder.EndsInTime();
await builder.Build().RunAsync();
return Environment.ExitCode;
