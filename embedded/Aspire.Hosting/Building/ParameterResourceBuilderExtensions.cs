using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds settings that come from outside of the source.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a setting read from configuration <c>Parameters:{name}</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="secret">Whether the value is kept out of every display.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(name, _ => builder.Configuration[$"Parameters:{name}"]
            ?? throw new MissingParameterValueException($"Parameter '{name}' has no value: set configuration Parameters:{name}."), secret));
    }

    /// <summary>Adds a setting with a value of its own, which configuration <c>Parameters:{name}</c> can change.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">The value when none is configured.</param>
    /// <param name="publishValueAsDefault">Of Aspire's signature; there is no publishing here.</param>
    /// <param name="secret">Whether the value is kept out of every display.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, string value,
        bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(name, _ => builder.Configuration[$"Parameters:{name}"] ?? value, secret));
    }

    /// <summary>Adds a setting that gets a value at each start, unless configuration <c>Parameters:{name}</c> has one.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">Gives the value.</param>
    /// <param name="secret">Whether the value is kept out of every display.</param>
    /// <param name="persist">Of Aspire's signature; here the value lasts as long as the application runs.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, ParameterDefault value,
        bool secret = false, bool persist = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(name,
            generated => builder.Configuration[$"Parameters:{name}"] ?? generated!.GetDefaultValue(), secret) { Default = value });
    }

    /// <summary>Adds a connection string read from configuration <c>ConnectionStrings:{name}</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="environmentVariableName">The variable it is given in; <c>ConnectionStrings__{name}</c> when absent.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, [ResourceName] string name,
        string? environmentVariableName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ConfiguredConnectionStringResource(name, _ => builder.Configuration.GetConnectionString(name)
            ?? throw new MissingParameterValueException($"Connection string '{name}' has no value: set configuration ConnectionStrings:{name}."), environmentVariableName));
    }

    /// <summary>Adds a connection string made of other values.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="connectionStringExpression">The connection string.</param>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, [ResourceName] string name,
        ReferenceExpression connectionStringExpression)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
    }
}
