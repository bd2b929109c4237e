using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrderSample.EndToEnd.Tests.Running;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.EndToEnd.Tests;

/// <summary>What broker and database answer to somebody who has got hold of a service's own user and password.</summary>
[Collection(SystemCollection.Name)]
public sealed class EachServiceMayDoOnlyItsOwn(OrderSystem system)
{
    private static readonly Dictionary<string, (string Database, string Queue)> Services = new()
    {
        ["order-service"] = ("orders-db", "order-saga"),
        ["inventory-service"] = ("inventory-db", "inventory-reservations"),
        ["notification-service"] = ("notifications-db", "notification-email"),
        ["backoffice"] = ("backoffice-db", "dead-letters"),
    };

    public static TheoryData<string> Names => [.. Services.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task When_a_service_consumes_from_the_queue_of_another_the_broker_refuses(string service)
    {
        await using var connection = await Connect(service);
        foreach (var queue in Services.Where(x => x.Key != service && x.Key != "backoffice").Select(x => x.Value.Queue))
        {
            await Refused(connection, channel => channel.BasicGetAsync(queue, autoAck: false));
            await Refused(connection, channel => channel.QueuePurgeAsync(queue));
            await Refused(connection, channel => channel.QueueDeleteAsync(queue));
        }
    }

    [Theory]
    [InlineData("order-service", "notification-email", "")]
    [InlineData("order-service", "", "notification-email")]
    [InlineData("order-service", "OrderSample.Contracts.Inventory.Commands:CommitStock", "")]
    [InlineData("inventory-service", "order-saga", "")]
    [InlineData("inventory-service", "", "order-saga")]
    [InlineData("inventory-service", "OrderSample.Contracts.Ordering.Events:PaymentReceived", "")]
    [InlineData("notification-service", "inventory-reservations", "")]
    [InlineData("notification-service", "", "inventory-reservations")]
    [InlineData("notification-service", "OrderSample.Contracts.Inventory.Events:StockCommitted", "")]
    public async Task When_a_service_publishes_where_it_has_no_business_the_broker_refuses(string service, string exchange, string routingKey)
    {
        await using var connection = await Connect(service);
        await Refused(connection, channel => channel.BasicPublishAsync(exchange, routingKey, mandatory: false, new BasicProperties(), new byte[] { 1 }).AsTask());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task When_a_service_declares_what_is_not_its_own_the_broker_refuses(string service)
    {
        await using var connection = await Connect(service);
        await Refused(connection, channel => channel.QueueDeclareAsync("anything", durable: true, exclusive: false, autoDelete: false));
        await Refused(connection, channel => channel.ExchangeDeclareAsync("anything", ExchangeType.Fanout));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task When_a_service_connects_to_the_database_of_another_the_server_refuses(string service)
    {
        foreach (var database in Services.Values.Select(x => x.Database).Append("postgres"))
        {
            await using var connection = new NpgsqlConnection(await ConnectionString(service, database));
            if (database == Services[service].Database)
            {
                await connection.OpenAsync();
                continue;
            }

            var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task When_a_service_works_with_its_database_it_is_no_superuser_and_owns_no_other(string service)
    {
        Assert.False(await system.SqlValue<bool>("orders-db",
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = $1", service));
        Assert.Equal(Services[service].Database, await system.SqlValue<string>("orders-db",
            "SELECT string_agg(datname, ',') FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba WHERE rolname = $1", service));
    }

    [Fact]
    public async Task No_password_is_on_a_command_line_or_in_a_log()
    {
        var passwords = new List<string>();
        foreach (var parameter in Model.Resources.OfType<ParameterResource>().Where(x => x.Secret))
            passwords.Add((await parameter.GetValueAsync(CancellationToken.None))!);
        foreach (var server in new[] { "rabbitmq", "postgres" })
            passwords.Add(await AdministratorsPassword(server));
        Assert.True(passwords.Count >= Services.Count + 2, "There are no passwords to look for.");
        Assert.All(passwords, password => Assert.True(password.Length >= 20, "A password is too short."));

        var logs = string.Join('\n', Services.Keys.Concat(["rabbitmq", "postgres"]).Select(resource => system.LogOf(resource, DateTimeOffset.MinValue)));
        var commandLines = string.Join('\n', Directory.EnumerateDirectories("/proc").Where(x => char.IsAsciiDigit(Path.GetFileName(x)[0])).Select(CommandLine));
        Assert.Contains("OrderService.dll", commandLines, StringComparison.Ordinal);
        Assert.All(passwords, password =>
        {
            Assert.DoesNotContain(password, commandLines, StringComparison.Ordinal);
            Assert.DoesNotContain(password, logs, StringComparison.Ordinal);
        });
    }

    private DistributedApplicationModel Model => system.App.Services.GetRequiredService<DistributedApplicationModel>();

    private static async Task Refused(IConnection connection, Func<IChannel, Task> action)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await Assert.ThrowsAnyAsync<OperationInterruptedException>(() => action(channel));
        Assert.Equal(Constants.AccessRefused, (int)channel.CloseReason!.ReplyCode);
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is somebody else's.
            return "";
        }
    }

    private async Task<IConnection> Connect(string service)
    {
        var administrator = new Uri((await system.App.GetConnectionStringAsync("rabbitmq"))!);
        var factory = new ConnectionFactory { HostName = administrator.Host, Port = administrator.Port, UserName = service, Password = await Password(service) };
        return await factory.CreateConnectionAsync();
    }

    private async Task<string> ConnectionString(string service, string database) =>
        new NpgsqlConnectionStringBuilder(await system.App.GetConnectionStringAsync("orders-db"))
        {
            Username = service,
            Password = await Password(service),
            Database = database,
            Pooling = false,
        }.ConnectionString;

    private async Task<string> Password(string service) =>
        (await Model.Resources.OfType<ParameterResource>().Single(x => x.Name == $"{service}-password").GetValueAsync(CancellationToken.None))!;

    private async Task<string> AdministratorsPassword(string server)
    {
        var connectionString = (await system.App.GetConnectionStringAsync(server))!;
        return server == "postgres"
            ? new NpgsqlConnectionStringBuilder(connectionString).Password!
            : Uri.UnescapeDataString(new Uri(connectionString).UserInfo.Split(':')[1]);
    }
}
