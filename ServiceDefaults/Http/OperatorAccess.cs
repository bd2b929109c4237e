using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>Configuration section <c>Operators</c>.</summary>
public sealed class OperatorOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Operators";

    /// <summary>
    /// What a caller shows to do what only operators may. Without one, that can be done from this machine and from nowhere else. A service behind
    /// a proxy on its own machine needs one: to it all requests come from there.
    /// </summary>
    [MinLength(20)]
    public string? Key { get; init; }
}

/// <summary>What only operators may do: it changes what is on its way, or shows what customers wrote.</summary>
public static class OperatorAccess
{
    private const string Scheme = "Bearer";

    /// <summary>Lets only operators use the endpoint.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    public static TBuilder ForOperators<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new OnlyForOperators());

    /// <summary>What to send to be known as an operator; null without a key.</summary>
    /// <param name="options">The key.</param>
    public static AuthenticationHeaderValue? Credentials(this OperatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Key is { } key ? new AuthenticationHeaderValue(Scheme, key) : null;
    }

    /// <summary>The 401 answer.</summary>
    internal static ProblemDetails Refused(bool hasKey) => new()
    {
        Status = StatusCodes.Status401Unauthorized,
        Detail = hasKey
            ? "This is for operators. Send the value of the setting Operators:Key as Authorization: Bearer …"
            : "This is for operators. From another machine it needs a key, and this service has none: set Operators:Key.",
    };

    internal static void AddOperatorAccess(this WebApplicationBuilder builder) =>
        builder.Services.AddOptions<OperatorOptions>().BindConfiguration(OperatorOptions.Section).ValidateDataAnnotations().ValidateOnStart();

    /// <summary>Refuses others before anything of their request is read.</summary>
    internal static void UseOperatorAccess(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OnlyForOperators>() is not null)
        {
            var key = context.RequestServices.GetRequiredService<IOptions<OperatorOptions>>().Value.Key;
            if (key is null ? !IsFromThisMachine(context) : !Shows(key, context))
            {
                context.Response.Headers.WWWAuthenticate = Scheme;
                await TypedResults.Problem(Refused(key is not null)).ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    });

    /// <summary>What does not come by a network has no address.</summary>
    private static bool IsFromThisMachine(HttpContext context) => context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address);

    private static bool Shows(string key, HttpContext context) =>
        AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var sent)
        && string.Equals(sent.Scheme, Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent.Parameter ?? ""), Encoding.UTF8.GetBytes(key));
}

/// <summary>Says of an endpoint that only operators may use it.</summary>
internal sealed record OnlyForOperators;
