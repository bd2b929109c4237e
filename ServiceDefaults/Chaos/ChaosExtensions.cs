using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Chaos;

/// <summary>Lets a presenter or a test break a service on purpose. Not there unless <c>Chaos:Enabled</c>.</summary>
internal static class ChaosExtensions
{
    private const string Section = "Chaos";

    /// <exception cref="InvalidOperationException">The section holds settings that are out of range.</exception>
    public static void AddChaos(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(Section);
        if (!section.GetValue<bool>("Enabled"))
            return;

        var settings = section.Get<ChaosSettings>() ?? new ChaosSettings();
        if (settings.Validate().ByField is { Count: > 0 } errors)
            throw new InvalidOperationException(string.Join("; ", errors.Select(error => $"{Section}:{error.Key} {error.Value[0]}")));
        builder.Services.AddSingleton(_ => new ChaosSwitch(settings));
        builder.Services.AddSingleton<ChaosDelayFilter>();
    }

    /// <summary>Maps <c>GET|PUT /chaos</c>.</summary>
    public static void MapChaos(this WebApplication app)
    {
        if (app.Services.GetService<ChaosSwitch>() is null)
            return;

        var chaos = app.MapGroup("/chaos").WithTags("Chaos");
        chaos.MapGet("", (ChaosSwitch now) => TypedResults.Ok(now.Settings)).WithName("GetChaos");
        chaos.MapPut("", Put).WithName("PutChaos");
    }

    /// <summary>Call it after the outbox, so that failures and crashes happen inside of the transaction.</summary>
    public static void UseChaos(this IReceiveEndpointConfigurator endpoint, IRegistrationContext context)
    {
        if (context.GetService<ChaosSwitch>() is null)
            return;

        endpoint.UseFilter(context.GetRequiredService<ChaosDelayFilter>());
        endpoint.UseConsumeFilter(typeof(ChaosFilter<>), context);
    }

    private static Results<Ok<ChaosSettings>, ValidationProblem> Put(ChaosSettings settings, ChaosSwitch chaos, ILogger<ChaosSwitch> logger)
    {
        var errors = settings.Validate();
        if (!errors.None)
            return errors.ToResult();

        chaos.Set(settings);
        logger.LogWarning("The chaos switch is set to {Settings}", settings);
        return TypedResults.Ok(settings);
    }
}
