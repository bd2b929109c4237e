using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Breaking;

/// <summary>The broker as its administrator: by its management interface, and by its own tool.</summary>
internal sealed class BrokerAdministration(HostedProcesses processes, ResourceStates states, IConfiguration configuration)
{
    /// <summary>The broker; of a cluster, its first node.</summary>
    public const string Broker = "rabbitmq";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Asks the management interface for something, or to do something.</summary>
    /// <returns>The answer; undefined where there is none, or where there is no such thing.</returns>
    /// <exception cref="HttpRequestException">It refuses, or does not answer.</exception>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var broker = processes.Find(Broker);
        var administrator = new Uri((await ((IResourceWithConnectionString)broker).GetConnectionStringAsync(cancellationToken))!).UserInfo;
        var address = ((IResourceWithEndpoints)broker).GetEndpoint("management").Url;
        using var request = new HttpRequestMessage(method, $"{address}/api/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(administrator))));
        using var response = await Http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return default;
        var text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>How much memory the broker may use, in bytes.</summary>
    public async Task<long> MemoryLimitAsync(CancellationToken cancellationToken)
    {
        // In a container the only node has a name of its own.
        var nodes = (await AskAsync(HttpMethod.Get, "nodes?columns=name,mem_limit", null, cancellationToken)).EnumerateArray().ToArray();
        var node = nodes.Length == 1 ? nodes[0] : nodes.Single(x => x.GetProperty("name").GetString() == $"{Broker}@localhost");
        return node.GetProperty("mem_limit").GetInt64();
    }

    /// <summary>Runs <c>rabbitmqctl</c>.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message says what it said.</exception>
    public async Task ControlAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        if (states.ContainerOf(processes.Find(Broker)) is { } container)
        {
            await RunAsync(new ProcessStartInfo(configuration["DcpPublisher:ContainerRuntime"] ?? "docker", ["exec", container, "rabbitmqctl", .. arguments]), cancellationToken);
            return;
        }

        // The tool has to know what the node was started with.
        var process = processes.Of(Broker)[0].ToString(CultureInfo.InvariantCulture);
        var environment = (await File.ReadAllTextAsync($"/proc/{process}/environ", cancellationToken)).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => x[^1]);
        var start = new ProcessStartInfo("/usr/lib/rabbitmq/bin/rabbitmqctl", ["--node", environment["RABBITMQ_NODENAME"], .. arguments]);
        start.Environment["HOME"] = environment["HOME"];
        start.Environment["ERL_EPMD_PORT"] = environment["ERL_EPMD_PORT"];
        // It is a node for a moment: on loopback as the others are, and with their name server.
        start.Environment["RABBITMQ_CTL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}";
        await RunAsync(start, cancellationToken);
    }

    private static async Task RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var tool = Process.Start(start)!;
        try
        {
            var said = await Task.WhenAll(tool.StandardOutput.ReadToEndAsync(cancellationToken), tool.StandardError.ReadToEndAsync(cancellationToken));
            await tool.WaitForExitAsync(cancellationToken);
            if (tool.ExitCode != 0)
                throw new InvalidOperationException($"{start.FileName} ended with {tool.ExitCode}: {string.Join(' ', said).Trim()}");
        }
        finally
        {
            // Given up, it must not do later what it was to do now.
            if (!tool.HasExited)
                tool.Kill(entireProcessTree: true);
        }
    }
}
