using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.SigningIn;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>An experiment in a list.</summary>
/// <param name="Name">Its name in addresses and commands.</param>
/// <param name="Title">Its title.</param>
/// <param name="Hop">The group it belongs to.</param>
/// <param name="Belief">What we believe will happen.</param>
/// <param name="Seconds">About how long it takes, in seconds.</param>
/// <param name="Lacks">What this system lacks for it; null when it can run.</param>
public sealed record ExperimentView(string Name, string Title, string Hop, string Belief, int Seconds, string? Lacks);

/// <summary>Experiments over HTTP.</summary>
internal static class LabEndpoints
{
    public static void AddLab(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ExperimentCatalog>();
        services.AddHttpClient<ILabHost, LabHost>(AppHostClient.Configure).AddHttpMessageHandler<UntracedReads>();
        services.AddSingleton<IDeedRecord>(provider => provider.GetRequiredService<OperatorLog>());
        services.AddSingleton<LabRunner>();
        services.AddTransient<CommandCopies>();
    }

    public static void MapLab(this IEndpointRouteBuilder app)
    {
        var lab = app.MapGroup("/lab").WithTags("Lab");
        lab.MapGet("experiments", ListAsync).WithName("ListExperiments");
        // It records by itself: a run is over long after its request is answered.
        lab.MapPost("{name}/runs", StartAsync).WithName("StartExperiment").RequireAuthorization(Roles.Operator)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        lab.MapGet("runs", async (ILabHost host, CancellationToken cancellationToken) =>
            TypedResults.Ok(host.IsThere ? (await host.ListAsync(cancellationToken)).Runs : [])).WithName("ListExperimentRuns");
        lab.MapGet("runs/{id:guid}", FindAsync).WithName("GetExperimentRun");
        lab.MapPost("runs/{id:guid}/cancel", CancelAsync).WithName("CancelExperimentRun").ForOperators("Cancelled an experiment");
    }

    private static async Task<Ok<ExperimentView[]>> ListAsync(ExperimentCatalog catalog, ILabHost host, IServiceScopeFactory scopes, CancellationToken cancellationToken)
    {
        var shape = await new LabSystem(scopes, host).ShapeAsync(cancellationToken);
        return TypedResults.Ok(catalog.All.Select(experiment => new ExperimentView(
            experiment.About.Name, experiment.About.Title, experiment.About.Hop, experiment.About.Belief, experiment.About.Seconds, experiment.Lacks(shape))).ToArray());
    }

    private static async Task<Results<Accepted<LabRun>, NotFound, ProblemHttpResult>> StartAsync(
        string name, ExperimentCatalog catalog, LabRunner runner, ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (catalog.Find(name) is null)
            return TypedResults.NotFound();
        var outcome = await runner.StartAsync(name, person, isStepwise: false, cancellationToken);
        return outcome.Run is { } run ? TypedResults.Accepted($"/lab/runs/{run.Id}", run) : TypedResults.Problem(outcome.Problem, statusCode: StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<LabRun>, NotFound>> FindAsync(Guid id, ILabHost host, CancellationToken cancellationToken) =>
        host.IsThere && await host.FindAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : TypedResults.NotFound();

    private static async Task<Results<Accepted, NotFound, ProblemHttpResult>> CancelAsync(Guid id, ILabHost host, CancellationToken cancellationToken)
    {
        if (!host.IsThere || await host.FindAsync(id, cancellationToken) is null)
            return TypedResults.NotFound();
        return await host.CancelAsync(id, cancellationToken) is { } problem
            ? TypedResults.Problem(problem, statusCode: StatusCodes.Status409Conflict)
            : TypedResults.Accepted($"/lab/runs/{id}");
    }
}
