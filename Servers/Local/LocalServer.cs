using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace OrderSample.Servers.Local;

/// <summary>A server of this machine's own installation, run with data, ports and password of its own.</summary>
[SupportedOSPlatform("linux")]
internal abstract class LocalServer : ExecutableResource, IResourceWithConnectionString
{
    private readonly DataFolder _data;

    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="password">The administrator's password; null for one of its own.</param>
    protected LocalServer(IDistributedApplicationBuilder builder, string name, ParameterResource? password = null)
        : base(name, "/bin/sh", "/")
    {
        _data = DataFolder.Of(builder);
        Password = password ?? builder.AddParameter($"{name}-password", () => Given(builder.Configuration[$"Parameters:{name}-password"], name) ?? _data.Password(name), secret: true).Resource;
        PrimaryEndpoint = new(this, "tcp");
    }

    /// <summary>Where clients connect.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The administrator's password: kept as long as the data, or what <c>Parameters:NAME-password</c> says.</summary>
    public ParameterResource Password { get; }

    /// <inheritdoc/>
    public abstract ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>Where it stores its data.</summary>
    public string Folder => _data.For(Name);

    /// <summary>A secret of this server's, kept as long as the data.</summary>
    public string Secret(string name) => _data.Password($"{Name}-{name}");

    /// <summary>It becomes a part of addresses and connection strings, each with rules of its own for what else a password may hold.</summary>
    private static string? Given(string? password, string name) => password is null || password.All(x => char.IsAsciiLetterOrDigit(x) || x is '-' or '_' or '.')
        ? password
        : throw new DistributedApplicationException($"Parameters:{name}-password takes letters, digits, '-', '_' and '.' only.");

    /// <summary>A script beside this assembly.</summary>
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, name);
}

[SupportedOSPlatform("linux")]
internal static class LocalServerExtensions
{
    private const int MaxPort = 65_535;
    private const int MinRoom = 2_000;

    /// <summary>What keeps the ports that were given: <see cref="Reserve"/>.</summary>
    private static readonly List<Socket> Reservations = [];

    /// <summary>Adds an endpoint on a free port.</summary>
    public static IResourceBuilder<T> WithFreePort<T>(this IResourceBuilder<T> server, string scheme, string name)
        where T : LocalServer => server.WithEndpoint(port: FreePort(), scheme: scheme, name: name, isProxied: false);

    /// <summary>
    /// A port that nobody listens on, and that no process of this system was given that still runs: a server that is stopped, or not started yet, gets
    /// its port all the same. It is outside of the range of outgoing connections, one of which could take it meanwhile, and above it where there is room:
    /// below it Aspire's engine chooses the services' own ports, and has no way to know of one that is to be used in a moment.
    /// </summary>
    public static int FreePort()
    {
        var outgoing = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var above = int.Parse(outgoing[1], CultureInfo.InvariantCulture) + 1;
        var (first, end) = MaxPort - above >= MinRoom ? (above, MaxPort) : (20_000, 30_000);
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Random.Shared.Next(first, end);
            try
            {
                var reservation = Reserve(port);
                lock (Reservations)
                    Reservations.Add(reservation);
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }

        throw new DistributedApplicationException($"No free port was found between {first} and {end}.");
    }

    /// <summary>
    /// A name in the kernel's own list that no second process can have while this one runs: Linux's abstract sockets have no file that could be left behind.
    /// It comes before the look whether somebody listens, which would be in the way of a server that begins to at that moment.
    /// </summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    private static Socket Reserve(int port)
    {
        var reservation = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            reservation.Bind(new UnixDomainSocketEndPoint($"\0ordersample-port-{port}"));
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return reservation;
        }
        catch
        {
            reservation.Dispose();
            throw;
        }
    }
}
