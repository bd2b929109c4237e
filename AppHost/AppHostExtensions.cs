using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OrderSample.AppHost;

/// <summary>What all services have in common, so that Program.cs shows only what differs.</summary>
internal static class AppHostExtensions
{
    /// <summary>Configuration that the host passes on to the services: --Saga:PaymentTimeout=00:00:05 and the like.</summary>
    private static readonly string[] PassedOn = ["Saga", "Reconciliation", "Messaging", "Admission", "RateLimit", "Database", "Smtp", "Sms", "Chaos", "DeadLetters"];

    /// <summary>
    /// Connections to its database that a service may have over all replicas: the server allows 300, there are four services, and others
    /// want some, too.
    /// </summary>
    private const int DatabaseConnections = 64;

    /// <summary>So that a demo needs no patience; the services' own defaults are for production.</summary>
    private static readonly Dictionary<string, string> DemoSettings = new()
    {
        ["Chaos__Enabled"] = "true",
        ["Saga__StockTimeout"] = "00:00:15",
        ["Saga__PaymentTimeout"] = "00:01:00",
        ["Saga__ConfirmTimeout"] = "00:00:15",
        ["Saga__ReleaseTimeout"] = "00:00:15",
        ["Reconciliation__Interval"] = "00:01:00",
        ["Reconciliation__Grace"] = "00:00:10",
    };

    /// <summary>How many copies of each service run: --replicas N.</summary>
    /// <exception cref="InvalidOperationException">It is no number from 1 to 8.</exception>
    public static int ReplicasOfEachService(this IDistributedApplicationBuilder builder)
    {
        var text = builder.Configuration["replicas"] ?? "1";
        return int.TryParse(text, CultureInfo.InvariantCulture, out var replicas) && replicas is >= 1 and <= 8
            ? replicas
            : throw new InvalidOperationException($"--replicas takes a number from 1 to 8, not '{text}'.");
    }

    public static IResourceBuilder<ProjectResource> WithDemoSettings(this IResourceBuilder<ProjectResource> service) =>
        service.WithEnvironment(context =>
        {
            foreach (var (name, value) in DemoSettings)
                context.EnvironmentVariables[name] = value;
            var replicas = service.ApplicationBuilder.ReplicasOfEachService();
            if (replicas > 1)
                context.EnvironmentVariables["Database__MaxPoolSize"] = (DatabaseConnections / replicas).ToString(CultureInfo.InvariantCulture);
            foreach (var (key, value) in PassedOn.SelectMany(section => service.ApplicationBuilder.Configuration.GetSection(section).AsEnumerable()))
            {
                if (value is not null)
                    context.EnvironmentVariables[key.Replace(":", "__", StringComparison.Ordinal)] = value;
            }
        });

    /// <summary>Gives a service the token of a link that signs its first person in; it is made anew at each start, which prints the link.</summary>
    /// <param name="service">The service.</param>
    /// <param name="variable">The environment variable that takes the token.</param>
    public static IResourceBuilder<ProjectResource> WithSignInLink(this IResourceBuilder<ProjectResource> service, string variable)
    {
        var token = service.ApplicationBuilder.AddParameter($"{service.Resource.Name}-token", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true);
        return service.WithEnvironment(variable, token).WithAnnotation(new SignInLink(service.GetEndpoint("http"), token.Resource));
    }

    /// <summary>Tells a service where the Aspire dashboard is, so that it can link to a trace; nothing when there is none.</summary>
    /// <param name="service">The service.</param>
    /// <param name="variable">The environment variable that takes the address.</param>
    public static IResourceBuilder<ProjectResource> WithDashboardAddress(this IResourceBuilder<ProjectResource> service, string variable) =>
        service.WithEnvironment(context =>
        {
            // Its own address is that of the link which signs in.
            var dashboard = service.ApplicationBuilder.Resources.FirstOrDefault(x => x.Name == "aspire-dashboard");
            if (dashboard is not null && dashboard.TryGetLastAnnotation<ResourceUrlAnnotation>(out var link))
                context.EnvironmentVariables[variable] = new Uri(link.Url).GetLeftPart(UriPartial.Authority);
        });

    /// <summary>Prints one table when everything is healthy, or what went wrong.</summary>
    public static void ReportStartup(this IDistributedApplicationBuilder builder) =>
        builder.Services.AddHostedService<StartupReport>();
}
