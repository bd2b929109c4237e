using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Console.Flow;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>The system as experiments use it: by the clients that the console has. Each question has a scope of its own, so several may be asked at once.</summary>
internal sealed class LabSystem(IServiceScopeFactory scopes, ILabHost host)
{
    /// <summary>Who breaks and mends.</summary>
    public ILabHost Host => host;

    /// <summary>How what the app host runs is.</summary>
    public async Task<IReadOnlyList<HostedResource>> ResourcesAsync(CancellationToken cancellationToken) =>
        await UseAsync<AppHostClient, IReadOnlyList<HostedResource>?>(client => client.ListAsync(cancellationToken)) ?? [];

    /// <summary>How the system is made up.</summary>
    public async Task<SystemShape> ShapeAsync(CancellationToken cancellationToken) => new(await ResourcesAsync(cancellationToken), host.IsThere ? await host.NodesAsync(cancellationToken) : []);

    /// <summary>What went wrong with an order's messages.</summary>
    public Task<IReadOnlyList<DeadLetterOfOrder>> DeadLettersAsync(Guid orderId, CancellationToken cancellationToken) =>
        UseAsync<BackofficeDbContext, IReadOnlyList<DeadLetterOfOrder>>(context => DeadLettersOfOrder.ListAsync(context, orderId, cancellationToken));

    /// <summary>Which of an order's messages were delivered more than once.</summary>
    public Task<IReadOnlyList<DeliveryRepetition>> RepetitionsAsync(Guid orderId, CancellationToken cancellationToken) =>
        UseAsync<BackofficeDbContext, IReadOnlyList<DeliveryRepetition>>(context => ListRepetitions.OfOrderAsync(context, orderId, cancellationToken));

    /// <summary>Gives a dead letter back to the broker, unless somebody has done so by hand.</summary>
    /// <returns>Why not; null when it is given back.</returns>
    public async Task<string?> ReplayAsync(long id, string by, CancellationToken cancellationToken)
    {
        var outcome = await UseAsync<Replay, ReplayOutcome>(replay => replay.OneAsync(id, new OperatorDecision(by, "An experiment of the Lab: the cause is mended."), cancellationToken));
        if (outcome is not { Problem: null, Letter: null })
            return outcome.Problem?.Text;
        var status = await UseAsync<BackofficeDbContext, DeadLetterStatus>(context => context.DeadLetters.Where(x => x.Id == id).Select(x => x.Status).SingleAsync(cancellationToken));
        return status is DeadLetterStatus.Replayed or DeadLetterStatus.Handled ? null : $"It is {status}.";
    }

    /// <summary>Messages in queues, by name; without those that are not there.</summary>
    public async Task<IReadOnlyDictionary<string, int>> QueuesAsync(CancellationToken cancellationToken) =>
        (await UseAsync<BrokerQueues, IReadOnlyList<QueueReading>>(queues => queues.ReadAsync(cancellationToken))).ToDictionary(queue => queue.Name, queue => queue.Messages);

    /// <summary>Asks a service of the console's.</summary>
    public async Task<T> UseAsync<TService, T>(Func<TService, Task<T>> ask)
        where TService : notnull
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
