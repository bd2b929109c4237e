using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>Asks a server whether it works, the way its clients would.</summary>
internal static class ServerChecks
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static void AddServerCheck(this IDistributedApplicationBuilder builder, IResource resource, Func<CancellationToken, Task> ask, string name = "")
    {
        var key = $"{resource.Name}{name}_check";
        builder.Services.AddHealthChecks().AddAsyncCheck(key, async token =>
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(token);
            timeout.CancelAfter(Timeout);
            try
            {
                await ask(timeout.Token);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is SocketException or NpgsqlException or HttpRequestException or IOException or OperationCanceledException or InvalidOperationException && !token.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy(exception.Message, exception);
            }
        });
        resource.Annotations.Add(new HealthCheckAnnotation(key));
    }

    /// <summary>A broker that is up answers the protocol header with its first method; the listener opens when the node has booted.</summary>
    public static async Task RabbitMQ(RabbitMQServerResource broker, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", broker.PrimaryEndpoint.Port, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("AMQP\0\0\x9\x1"u8.ToArray(), cancellationToken);
        await stream.ReadExactlyAsync(new byte[1], cancellationToken);
    }

    public static async Task Postgres(IResourceWithConnectionString server, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(await server.GetConnectionStringAsync(cancellationToken)) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync(cancellationToken);
    }
}
