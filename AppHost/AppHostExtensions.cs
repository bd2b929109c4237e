using System.Globalization;
using Microsoft.Extensions.Configuration;
using OrderSample.AppHost.Dashboard;
using OrderSample.AppHost.Starting;
using OrderSample.Servers;

namespace OrderSample.AppHost;

/// <summary>What all services have in common, so that Program.cs shows only what differs.</summary>
internal static class AppHostExtensions
{
    /// <summary>Configuration that the host passes on to the services: --Saga:PaymentTimeout=00:00:05 and the like.</summary>
    private static readonly string[] PassedOn = ["Saga", "Reconciliation", "Messaging", "Admission", "RateLimit", "Database", "Smtp", "Sms", "Chaos", "DeadLetters", "Operators"];

    /// <summary>
    /// Connections to its database that a service may have over all replicas: the server allows 300, there are four services, and others
    /// want some, too.
    /// </summary>
    private const int DatabaseConnections = 64;

    private const int FirstPort = 5100;

    private const string RedeliveryDelays = "Messaging__Redelivery__Delays__";

    private static readonly HttpClient Http = new();

    /// <summary>So that a demo needs no patience; the services' own defaults are for production.</summary>
    private static readonly Dictionary<string, string> DemoSettings = new()
    {
        ["Chaos__Enabled"] = "true",
        ["Saga__StockTimeout"] = "00:00:30",
        ["Saga__PaymentTimeout"] = "00:01:00",
        ["Saga__ConfirmTimeout"] = "00:00:30",
        ["Saga__ReleaseTimeout"] = "00:00:30",
        ["Saga__MaxResends"] = "10",
        [$"{RedeliveryDelays}0"] = "00:00:02",
        [$"{RedeliveryDelays}1"] = "00:00:04",
        ["Reconciliation__Interval"] = "00:01:00",
        ["Reconciliation__Grace"] = "00:00:10",
    };

    /// <summary>How many copies of each service run: --replicas N.</summary>
    /// <exception cref="DistributedApplicationException">It is no number from 1 to 8.</exception>
    public static int ReplicasOfEachService(this IDistributedApplicationBuilder builder)
    {
        var text = builder.Configuration["replicas"] ?? "1";
        return int.TryParse(text, CultureInfo.InvariantCulture, out var replicas) && replicas is >= 1 and <= 8
            ? replicas
            : throw new DistributedApplicationException($"--replicas takes a number from 1 to 8, not '{text}'.");
    }

    /// <summary>
    /// Adds a service with an HTTP endpoint. Aspire starts a project by <c>dotnet run</c>; this has it start the program that was built,
    /// without 130 MB and a second for each of them, and without a process between it and whoever stops, kills or measures it. An IDE starts
    /// the project itself, to debug it.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="offset">How far its port is from the first one: see <c>--ports</c>.</param>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name, int offset)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<TProject>(name, launchProfileName: null);
        // What is published has an image of its own.
        if (builder.ExecutionContext.IsRunMode)
        {
            service.WithLaunchToolArgs(context =>
            {
                context.Args.Add("exec");
                context.Args.Add(BuiltPrograms.Of<TProject>());
            }, ownedByLaunchConfigurationType: "project", showInCommandLine: false);
            service.SendsTelemetryToDashboard();
        }
        else
        {
            service.WithOperatorKey();
        }

        var replicas = builder.ReplicasOfEachService();
        // Before one process there is nothing to choose, and on a busy machine the engine's forwarding was seen to keep the address of a process that another one had replaced.
        var isForwarded = replicas > 1 || builder.ExecutionContext.IsPublishMode;
        var hasOwnPort = isForwarded || !builder.Configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
        service.WithHttpEndpoint(port: hasOwnPort ? builder.PortOf(offset, defaultPort: FirstPort + offset) : null, isProxied: isForwarded)
            .WithReplicas(replicas);
        return service.IsHealthyWhile(async token =>
        {
            using var ready = await Http.GetAsync($"{service.GetEndpoint("http").Url}/health/ready", token);
            if (!ready.IsSuccessStatusCode)
                throw new HttpRequestException($"/health/ready answers {(int)ready.StatusCode} {ready.ReasonPhrase}.");
        });
    }

    /// <summary>Has mails written beside the servers' data, where no mail server is configured.</summary>
    public static IResourceBuilder<ProjectResource> KeepsMails(this IResourceBuilder<ProjectResource> service) =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service.WithEnvironment("Smtp__PickupFolder", service.ApplicationBuilder.FolderFor("mails"))
            : service;

    public static IResourceBuilder<ProjectResource> WithDemoSettings(this IResourceBuilder<ProjectResource> service) =>
        service.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsRunMode)
            {
                // A list that is given replaces the demo's: what that has more would stay.
                var hasDelays = service.ApplicationBuilder.Configuration.GetSection("Messaging:Redelivery:Delays").Exists();
                foreach (var (name, value) in DemoSettings.Where(setting => !hasDelays || !setting.Key.StartsWith(RedeliveryDelays, StringComparison.Ordinal)))
                    context.EnvironmentVariables[name] = value;
            }

            var replicas = service.ApplicationBuilder.ReplicasOfEachService();
            if (replicas > 1)
                context.EnvironmentVariables["Database__MaxPoolSize"] = (DatabaseConnections / replicas).ToString(CultureInfo.InvariantCulture);
            foreach (var (key, value) in PassedOn.SelectMany(section => service.ApplicationBuilder.Configuration.GetSection(section).AsEnumerable()))
            {
                if (value is null)
                    continue;
                var variable = key.Replace(":", "__", StringComparison.Ordinal);
                // A setting's case does not matter, and that of a variable does on some systems: there would be two variables for one setting.
                foreach (var same in context.EnvironmentVariables.Keys.Where(x => string.Equals(x, variable, StringComparison.OrdinalIgnoreCase)).ToList())
                    context.EnvironmentVariables.Remove(same);
                context.EnvironmentVariables[variable] = value;
            }
        });

    /// <summary>What is published is reached over a network, so what is for operators needs a key there: the same for all services and the backoffice.</summary>
    private static void WithOperatorKey(this IResourceBuilder<ProjectResource> service)
    {
        const string name = "operator-key";
        var builder = service.ApplicationBuilder;
        var key = builder.Resources.OfType<ParameterResource>().SingleOrDefault(x => x.Name == name) is { } known
            ? builder.CreateResourceBuilder(known)
            : builder.AddParameter(name, new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true);
        service.WithEnvironment("Operators__Key", key);
    }

    /// <summary>Gives a service the token of a link that signs its first person in; it is made anew at each start, which prints the link.</summary>
    /// <param name="service">The service.</param>
    /// <param name="variable">The environment variable that takes the token.</param>
    public static IResourceBuilder<ProjectResource> WithSignInLink(this IResourceBuilder<ProjectResource> service, string variable)
    {
        var token = service.ApplicationBuilder.AddParameter($"{service.Resource.Name}-token", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true);
        return service.WithEnvironment(variable, token).WithAnnotation(new SignInLink(service.GetEndpoint("http"), token.Resource));
    }

    /// <summary>Tells a service where data and passwords of the demo are, for the commands that it shows.</summary>
    /// <param name="service">The service.</param>
    /// <param name="variable">The environment variable that takes the folder.</param>
    public static IResourceBuilder<ProjectResource> WithFolderOfData(this IResourceBuilder<ProjectResource> service, string variable) =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode ? service.WithEnvironment(variable, service.ApplicationBuilder.FolderOfData()) : service;

    /// <summary>Tells a service where the Aspire dashboard is, so that it can link to a trace; nothing when there is none.</summary>
    /// <param name="service">The service.</param>
    /// <param name="variable">The environment variable that takes the address.</param>
    public static IResourceBuilder<ProjectResource> WithDashboardAddress(this IResourceBuilder<ProjectResource> service, string variable) =>
        service.WithEnvironment(context =>
        {
            if (AspireDashboard.UrlIn(service.ApplicationBuilder.Resources) is { } url)
                context.EnvironmentVariables[variable] = url;
        });
}
