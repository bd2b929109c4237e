using System.Net;
using System.Net.Sockets;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>What can't be done is said before anything is started: one line, with the way out, and exit code 1.</summary>
public sealed class TheAppHostRefuses : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("ordersample-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("--replicas=9", "--replicas takes a number from 1 to 8, not '9'.")]
    [InlineData("--cluster=9", "--cluster takes a number of nodes from 1 to 7, not '9'.")]
    [InlineData("--haproxy=true", "--haproxy stands before three nodes: use it with --cluster.")]
    [InlineData("--ports=80", "--ports takes a port from 1024 to 65500, not '80'.")]
    [InlineData("--start-timeout=soon", "--start-timeout takes a number of seconds from 1 to 86400, not 'soon'.")]
    [InlineData("--no-such-thing", "Unknown option --no-such-thing. --help lists the options.")]
    [InlineData("--Servers=nowhere", "--Servers takes auto, local or containers, not 'nowhere'.")]
    public async Task What_it_can_not_do(string option, string line)
    {
        await using var app = new AppHostProcess(_data, option);
        Assert.Equal(1, await app.Ends(Limit));
        Assert.Equal(line, app.Output);
    }

    [Fact]
    public async Task A_port_that_stays_taken_and_says_by_whom()
    {
        using var other = new TcpListener(IPAddress.Loopback, port: 0);
        other.Start();
        var first = ((IPEndPoint)other.LocalEndpoint).Port - 1;

        await using var app = new AppHostProcess(_data, "--DcpPublisher:RandomizePorts=false", $"--ports={first}", "--dashboard=false");

        Assert.Equal(1, await app.Ends(Limit));
        Assert.Contains($"Port {first + 1}, which is for order-service, is taken by process {Environment.ProcessId} (", app.Output, StringComparison.Ordinal);
        Assert.Contains("take other ports: --ports 6100", app.Output, StringComparison.Ordinal);
    }
}
