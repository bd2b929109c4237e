using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.ServiceDefaults.Chaos;

/// <summary>Lets a presenter or a test break a service on purpose. Not there unless <c>Chaos:Enabled</c>.</summary>
internal static class ChaosExtensions
{
    /// <summary>How the OpenAPI document groups the switch.</summary>
    public static readonly (string Name, string Description) Tag =
        ("Chaos", "Breaks this service on purpose, to show what the system does about it. Only there in a demo or a test.");

    private const string Section = "Chaos";
    private static readonly ChaosSettings Example = new(FailureRate: 0.1, FailSku: "TAMPER");

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

        var chaos = app.MapGroup("/chaos").WithTags(Tag.Name).ForOperators();
        chaos.MapGet("", (ChaosSwitch now) => TypedResults.Ok(now.Settings)).WithName("GetChaos").WithoutDatabase()
            .WithSummary("See how the service is broken")
            .WithResponse(StatusCodes.Status200OK, "The settings in force.", Example);
        chaos.MapPut("", Put).WithName("PutChaos").WithoutDatabase()
            .WithSummary("Break or restore the service")
            .WithDescription("Replaces all settings; what is left out is off, so `{}` restores the service. Each replica has a switch of its own, which a restart resets.")
            .WithRequestExample(Example)
            .WithResponse(StatusCodes.Status200OK, "The settings, now in force.", Example)
            .WithErrors((Example with { FailureRate = 2 }).Validate());
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
