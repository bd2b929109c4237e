using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Says more about a resource: its environment, endpoints, arguments and order of start.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = value ?? "");

    /// <summary>Sets an environment variable to what a function returns at each start.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<string> callback)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = callback());

    /// <summary>Sets an environment variable to a value put together at each start.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = value);

    /// <summary>Sets an environment variable to the URL of an endpoint.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = endpointReference);

    /// <summary>Sets an environment variable to a parameter.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = parameter.Resource);

    /// <summary>Sets environment variables at each start.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            callback(context);
            return Task.CompletedTask;
        });

    /// <summary>Sets environment variables at each start.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Func<EnvironmentCallbackContext, Task> callback)
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(new EnvironmentCallbackAnnotation(callback));

    /// <summary>Adds command-line arguments.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs =>
        builder.WithAnnotation(new CommandLineArgsCallbackAnnotation(context =>
        {
            foreach (var arg in args)
                context.Args.Add(arg);
            return Task.CompletedTask;
        }));

    /// <summary>Adds an HTTP endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port others use; a free one when absent.</param>
    /// <param name="targetPort">The port the process itself listens on; a free one when absent.</param>
    /// <param name="name">The endpoint's name; http when absent.</param>
    /// <param name="env">Variable that tells the process its own port.</param>
    /// <param name="isProxied">Whether the port is forwarded to the process, or to its replicas.</param>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null,
        string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints =>
        builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Adds an endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port others use; a free one when absent.</param>
    /// <param name="targetPort">The port the process itself listens on; a free one when absent.</param>
    /// <param name="scheme">Scheme of its URL; tcp when absent.</param>
    /// <param name="name">The endpoint's name; the scheme when absent.</param>
    /// <param name="env">Variable that tells the process its own port.</param>
    /// <param name="isProxied">Whether the port is forwarded to the process, or to its replicas.</param>
    /// <param name="isExternal">Whether it is meant for callers outside of the application.</param>
    public static IResourceBuilder<T> WithEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? scheme = null,
        string? name = null, string? env = null, bool isProxied = true, bool? isExternal = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        EndpointRules.Add(builder.Resource, new EndpointAnnotation(ProtocolType.Tcp, scheme, name: name, port: port, targetPort: targetPort,
            isExternal: isExternal, isProxied: isProxied) { TargetPortVariable = env });
        return builder;
    }

    /// <summary>Marks the HTTP endpoints so far as meant for callers outside of the application.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(x => x.UriScheme is "http" or "https"))
            endpoint.IsExternal = true;
        return builder;
    }

    /// <summary>Points to an endpoint that gets its address when the application starts.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Resource.GetEndpoint(name);
    }

    /// <summary>Gives a resource another one's connection string, as <c>ConnectionStrings__{name}</c> and its parts as <c>{NAME}_{PART}</c>.</summary>
    /// <param name="builder">Who gets it.</param>
    /// <param name="source">Whose it is.</param>
    /// <param name="connectionName">The name it is given under; the source's when absent.</param>
    /// <param name="optional">Whether a missing one is left out instead of being an error.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, "Reference")).WithEnvironment(async context =>
        {
            if (optional && await resource.GetConnectionStringAsync(context.CancellationToken) is null)
                return;
            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = resource;
            foreach (var (part, value) in resource.GetConnectionProperties())
                context.EnvironmentVariables[$"{VariableName(name)}_{part.ToUpperInvariant()}"] = value;
        });
    }

    /// <summary>Tells a resource where another one's endpoints are, as service discovery wants it.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        var resource = source.Resource;
        return builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, "Reference")).WithEnvironment(context =>
        {
            foreach (var endpoints in resource.GetEndpoints().GroupBy(x => x.Scheme))
            {
                foreach (var (index, endpoint) in endpoints.Index())
                {
                    context.EnvironmentVariables[string.Create(CultureInfo.InvariantCulture, $"services__{resource.Name}__{endpoints.Key}__{index}")] = endpoint;
                    context.EnvironmentVariables[$"{VariableName(resource.Name)}_{VariableName(endpoint.EndpointName)}"] = endpoint;
                }
            }
        });
    }

    // Upper case, and an underscore for everything that a variable's name can't have.
    private static string VariableName(string name)
    {
        var upper = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
        return char.IsAsciiDigit(upper[0]) ? $"_{upper}" : upper;
    }
}
