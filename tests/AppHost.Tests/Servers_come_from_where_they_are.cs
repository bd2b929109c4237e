using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSample.AppHost.Databases;
using OrderSample.Servers;
using OrderSample.Servers.Containers;
using OrderSample.Servers.Local;

namespace OrderSample.AppHost.Tests;

/// <summary>What is asked of the model only: nothing is started. A program that succeeds at everything, <c>true</c>, stands for a runtime that answers.</summary>
public sealed class Servers_come_from_where_they_are
{
    [Fact]
    public void What_is_no_source_is_refused() =>
        Assert.Contains("auto, local or containers, not 'elsewhere'", Refused("elsewhere").Message, StringComparison.Ordinal);

    [Fact]
    public void Containers_without_a_runtime_are_refused_with_both_ways_out()
    {
        var refused = Refused("containers", runtime: "false");
        Assert.Contains("start Docker or Podman", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Install RabbitMQ and PostgreSQL", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_that_is_not_installed_does_not_answer() => Refused("containers", runtime: "no-such-program");

    [LocalServersFact]
    public void Local_servers_are_taken_where_both_are_installed()
    {
        var builder = NewBuilder("auto", runtime: "false");
        var broker = builder.AddBroker("rabbitmq");
        Assert.IsAssignableFrom<ExecutableResource>(broker.Resource.Resource);
    }

    [Fact]
    public void A_cluster_of_containers_is_refused()
    {
        var builder = NewBuilder("containers");
        var refused = Assert.Throws<DistributedApplicationException>(() => builder.AddBroker("rabbitmq", nodes: 3));
        Assert.Contains("--cluster", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_of_a_test_end_with_it_and_keep_their_data_until_then()
    {
        var builder = NewBuilder("containers");
        IResource[] servers = [builder.AddBroker("rabbitmq").Resource.Resource, builder.AddPostgresServer("postgres").Resource.Resource];

        // A stop takes a container away; a start finds the data.
        Assert.All(servers, server => Assert.Single(server.Annotations.OfType<ContainerMountAnnotation>()));
        Assert.All(servers, server => Assert.DoesNotContain(server.Annotations.OfType<ContainerLifetimeAnnotation>(), x => x.Lifetime == ContainerLifetime.Persistent));
        DataFolder.Of(builder).Dispose();
    }

    [Fact]
    public async Task Password_volume_and_container_live_as_long_as_the_data_folder()
    {
        using var mine = new TemporaryFolder();
        using var other = new TemporaryFolder();

        var first = await Kept(mine.Path);
        Assert.Equal(first, await Kept(mine.Path));
        var elsewhere = await Kept(other.Path);

        Assert.All(first.Zip(elsewhere), pair =>
        {
            Assert.NotEqual(pair.First.Password, pair.Second.Password);
            Assert.NotEqual(pair.First.Volume, pair.Second.Volume);
            Assert.NotEqual(pair.First.Container, pair.Second.Container);
        });
    }

    [LocalServersFact]
    public async Task Fresh_removes_a_containers_password_only_with_its_volume()
    {
        using var folder = new TemporaryFolder();
        var before = await Kept(folder.Path);

        var local = NewBuilder("local", data: folder.Path, fresh: true);
        local.AddPostgresServer("postgres");
        DataFolder.Of(local).Dispose();
        Assert.Equal(before, await Kept(folder.Path));

        var after = await Kept(folder.Path, fresh: true);
        Assert.All(before.Zip(after), pair => Assert.NotEqual(pair.First.Password, pair.Second.Password));
    }

    [Fact]
    public async Task Sql_server_is_a_container_whose_password_it_takes()
    {
        using var folder = new TemporaryFolder();
        var builder = NewBuilder("containers", data: folder.Path);
        var server = builder.AddSqlServerContainer("sqlserver");
        server.WithEndpoint("tcp", endpoint => endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 14330));
        var database = server.AddDatabase("orders-db");

        var password = (await server.Resource.Password.GetValueAsync(default))!;
        Assert.Matches("(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9]).{8,}", password);
        Assert.Equal($"Server=127.0.0.1,14330;User ID=sa;Password={password};TrustServerCertificate=true;Initial Catalog=orders-db",
            await database.Resource.ConnectionStringExpression.GetValueAsync(default));
        Assert.True(server.Resource.TryGetContainerImageName(out var image));
        Assert.Equal("mcr.microsoft.com/mssql/server:2022-latest", image);
        DataFolder.Of(builder).Dispose();
    }

    [LocalServersFact]
    public void Sql_server_is_refused_where_servers_are_local()
    {
        var builder = NewBuilder("local");
        builder.Configuration["Database:Provider"] = "SqlServer";
        var refused = Assert.Throws<DistributedApplicationException>(() => builder.AddDatabaseServer().AddDatabase("orders-db"));
        Assert.StartsWith("SQL Server runs in a container only.", refused.Message, StringComparison.Ordinal);
    }

    [SupportedOSPlatform("linux")]
    [LocalServersFact]
    public async Task A_given_password_that_an_address_can_not_hold_is_refused()
    {
        var builder = NewBuilder("local");
        builder.Configuration["Parameters:postgres-password"] = "p@ss;word";
        var server = builder.AddPostgresServer("postgres").Resource.Resource;
        var refused = await Assert.ThrowsAnyAsync<Exception>(async () => await ((LocalPostgres)server).Password.GetValueAsync(default));
        Assert.Contains("Parameters:postgres-password takes letters", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p@ss;word", refused.Message, StringComparison.Ordinal);
        DataFolder.Of(builder).Dispose();
    }

    private static async Task<List<(string Password, string Volume, string Container)>> Kept(string folder, bool fresh = false)
    {
        var builder = NewBuilder("containers", data: folder, fresh: fresh);
        var broker = (RabbitMQServerResource)builder.AddBroker("rabbitmq").Resource.Resource;
        var postgres = (PostgresServerResource)builder.AddPostgresServer("postgres").Resource.Resource;
        using var data = DataFolder.Of(builder);
        return
        [
            ((await broker.PasswordParameter.GetValueAsync(default))!, VolumeOf(broker), NameOf(broker)),
            ((await postgres.PasswordParameter.GetValueAsync(default))!, VolumeOf(postgres), NameOf(postgres)),
        ];

        static string VolumeOf(IResource server) => server.Annotations.OfType<ContainerMountAnnotation>().Single().Source!;
        static string NameOf(IResource server)
        {
            Assert.Equal(ContainerLifetime.Persistent, server.Annotations.OfType<ContainerLifetimeAnnotation>().Single().Lifetime);
            return server.Annotations.OfType<ContainerNameAnnotation>().Single().Name;
        }
    }

    private static DistributedApplicationException Refused(string servers, string runtime = "true") =>
        Assert.Throws<DistributedApplicationException>(() => NewBuilder(servers, runtime).GetServerSource());

    private static IDistributedApplicationBuilder NewBuilder(string servers, string runtime = "true", string? data = null, bool fresh = false)
    {
        var builder = ServersOnly.CreateBuilder();
        builder.Configuration["Servers"] = servers;
        builder.Configuration["ASPIRE_CONTAINER_RUNTIME"] = runtime;
        builder.Configuration["Servers:Data"] = data;
        builder.Configuration["Servers:Fresh"] = $"{fresh}";
        return builder;
    }
}
