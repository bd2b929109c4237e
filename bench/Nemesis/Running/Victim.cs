using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using OrderSample.Bench.Running;

namespace OrderSample.Nemesis.Running;

/// <summary>The running system with the means to break it: its processes, its broker and its databases, each as its administrator.</summary>
internal sealed class Victim(SystemUnderTest system, SystemShape shape)
{
    /// <summary>What a service is told to behave well again.</summary>
    public static readonly object NoChaos = new { };

    private const string Me = "nemesis";
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Node, string Name), long> _limits = new();

    /// <summary>Its processes.</summary>
    public SystemUnderTest System => system;

    /// <summary>What there is.</summary>
    public SystemShape Shape => shape;

    /// <summary>A connection that no fault of a database keeps from working. Not from a pool: the server may have been stopped since.</summary>
    /// <param name="database">The database; the server's name for the one that belongs to no service.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<NpgsqlConnection> Open(string database, CancellationToken cancellationToken)
    {
        var address = new NpgsqlConnectionStringBuilder(await system.AddressOf(database, cancellationToken))
        {
            Pooling = false,
            ApplicationName = Me,
            Options = "-c default_transaction_read_only=off",
            Timeout = (int)AnswerTimeout.TotalSeconds,
        };
        var connection = new NpgsqlConnection(address.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a statement as the database server's administrator, connected to no service's database.</summary>
    /// <returns>The first column of the first row.</returns>
    public async Task<object?> Sql(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await Open(SystemShape.DatabaseServer, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Ends the connections to a database, but for those from here.</summary>
    public Task TerminateBackends(string database, CancellationToken cancellationToken) =>
        Sql($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}' AND application_name <> '{Me}'", cancellationToken);

    /// <summary>Asks the broker's management interface, of whichever node answers.</summary>
    /// <param name="method">What to do.</param>
    /// <param name="path">With what, below <c>api/</c>.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer's body; nothing where there is none, or where there is no such thing.</returns>
    /// <exception cref="HttpRequestException">No node answers, or all refuse.</exception>
    public async Task<JsonElement?> Ask(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        for (var node = 0; ; node++)
        {
            try
            {
                return await AskNode(shape.Brokers[node], method, path, body, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested && node < shape.Nodes - 1)
            {
                // This one is down.
            }
        }
    }

    /// <summary>Asks each node of the broker the same.</summary>
    /// <exception cref="HttpRequestException">One does not answer.</exception>
    public async Task<IReadOnlyList<JsonElement?>> AskEachNode(string path, CancellationToken cancellationToken)
    {
        var answers = new List<JsonElement?>();
        foreach (var node in shape.Brokers)
            answers.Add(await AskNode(node, HttpMethod.Get, path, null, cancellationToken));
        return answers;
    }

    /// <summary>Asks one node of the broker.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or refuses.</exception>
    public async Task<JsonElement?> AskNode(string node, HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var administrator = new Uri(await system.AddressOf(SystemUnderTest.Broker, cancellationToken)).UserInfo;
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(administrator)));
        using var http = system.Http(node, "management");
        http.Timeout = AnswerTimeout;
        using var request = new HttpRequestMessage(method, $"api/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        var text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
        return text.Length == 0 ? null : JsonElement.Parse(text);
    }

    /// <summary>What a node of the broker says of itself.</summary>
    /// <exception cref="InvalidOperationException">It is not known.</exception>
    private async Task<JsonElement> StateOf(string node, CancellationToken cancellationToken)
    {
        // In a container the only node has a name of its own.
        var nodes = (await Ask(HttpMethod.Get, "nodes", null, cancellationToken))?.EnumerateArray().ToArray() ?? [];
        return nodes.Length == 1 ? nodes[0] : nodes.Single(x => x.GetProperty("name").GetString() == $"{node}@localhost");
    }

    /// <summary>A limit that a node had before any alarm. Asked once: the broker tells what was seconds ago, which after an alarm is the alarm's limit.</summary>
    /// <exception cref="InvalidOperationException">It is not known.</exception>
    public async Task<long> LimitOf(string node, string limit, CancellationToken cancellationToken)
    {
        if (!_limits.TryGetValue((node, limit), out var value))
            _limits[(node, limit)] = value = (await StateOf(node, cancellationToken)).GetProperty(limit).GetInt64();
        return value;
    }

    /// <summary>Closes the connections of a user of the broker, the youngest too, which its list of connections does not have yet.</summary>
    public Task CutConnections(string user, CancellationToken cancellationToken) =>
        Ask(HttpMethod.Delete, $"connections/username/{Uri.EscapeDataString(user)}", null, cancellationToken);

    /// <summary>Runs the broker's own tool, <c>rabbitmqctl</c>, on a node.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message says what it said.</exception>
    public async Task<string> Control(string node, CancellationToken cancellationToken, params string[] arguments)
    {
        if (shape.InContainers)
            return await system.Containers.Execute(await system.ContainerOf(node, cancellationToken), cancellationToken, ["rabbitmqctl", .. arguments]);

        var process = (await system.ProcessOf(node, cancellationToken)).Root;
        var environment = (await File.ReadAllTextAsync($"/proc/{process}/environ", cancellationToken)).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => x[^1]);
        var start = new ProcessStartInfo("/usr/lib/rabbitmq/bin/rabbitmqctl", ["--node", environment["RABBITMQ_NODENAME"], .. arguments]);
        start.Environment["HOME"] = environment["HOME"];
        start.Environment["ERL_EPMD_PORT"] = environment["ERL_EPMD_PORT"];
        // The tool is a node for a moment: on loopback as the others are, and with their name server.
        start.Environment["RABBITMQ_CTL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}";
        return await Tool.Run(start, cancellationToken);
    }

    /// <summary>Sets a service's chaos switch.</summary>
    public async Task SetChaos(string service, object settings, CancellationToken cancellationToken)
    {
        using var http = system.Http(service);
        http.Timeout = AnswerTimeout;
        using var response = await http.PutAsJsonAsync("/chaos", settings, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Whether a process runs that Aspire knows of.</summary>
    public bool Runs(string resource) => system.StateOf(resource).State?.Text == Aspire.Hosting.ApplicationModel.KnownResourceStates.Running;
}
