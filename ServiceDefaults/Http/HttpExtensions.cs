using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>What every HTTP API here has in common: strict JSON, problem+json for every error, OpenAPI.</summary>
public static class HttpExtensions
{
    /// <summary>Longest request body taken, in bytes; a longer one is answered with 413.</summary>
    public const int MaxBodySize = 64 * 1024;

    /// <summary>
    /// Connections taken at a time; one more is closed at once. Each is a file descriptor, and so is each connection to broker and database: a process
    /// that has used up its descriptors, 4,096 on many machines, can take none at all.
    /// </summary>
    private const int MaxConnections = 2_000;

    internal static void AddHttpConventions(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        });
        builder.Services.Configure<JsonOptions>(json => Configure(json.SerializerOptions));
        // A bad request reaches BadRequestHandler with the parser's position instead of ending as a bare 400.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<BadRequestHandler>();
        builder.Services.AddExceptionHandler<TransientFailureHandler>();
        builder.AddKnownHosts();
        builder.AddOperatorAccess();
        builder.AddRateLimit();
    }

    internal static void UseHttpConventions(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRateLimiter();
        app.UseOperatorAccess();
        app.UseKnownCharsets();
        app.MapOpenApi();
    }

    /// <summary>A page for people to read and try the API on, and where a browser gets that asks for nothing in particular. It asks nobody but this service.</summary>
    internal static void MapApiPage(this WebApplication app)
    {
        app.MapScalarApiReference("/scalar", page => page.DisableDefaultFonts().DisableTelemetry().DisableAgent().HideDeveloperTools());
        app.MapGet("/", () => TypedResults.Redirect("/scalar")).ExcludeFromDescription();
    }

    private static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.Converters.Add(new JsonStringEnumConverter());
        json.Converters.Add(new ExactDecimalConverter());
        // A misspelt optional field or a number in quotes is a caller's mistake: say so rather than guess.
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.AllowDuplicateProperties = false;
    }
}
