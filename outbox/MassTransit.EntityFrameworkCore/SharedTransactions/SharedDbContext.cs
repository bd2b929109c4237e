using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Lets the scope of a message that shares a transaction have that transaction's DbContext instead of one of its own.</summary>
internal sealed class SharedDbContext<TDbContext> : IDisposable
    where TDbContext : DbContext
{
    private LentDbContext<TDbContext>? _shared;

    /// <summary>Whether the scope's own was asked for already, so that it is too late to share another.</summary>
    public bool IsOwnInUse { get; private set; }

    /// <summary>Borrows it until the scope ends.</summary>
    public void Borrow(LentDbContext<TDbContext> shared) => _shared = shared.Lend();

    /// <summary>Called after the scope has disposed of the DbContext, which was created later.</summary>
    public void Dispose() => _shared?.Return();

    /// <summary>Makes a registered DbContext one that can be shared.</summary>
    /// <exception cref="ConfigurationException">It is not registered yet.</exception>
    public static void Register(IServiceCollection services)
    {
        var own = services.LastOrDefault(x => x.ServiceType == typeof(TDbContext))
            ?? throw new ConfigurationException($"Add {typeof(TDbContext).Name} to the services before its outbox: messages can't share its transactions otherwise.");
        services.Remove(own);
        services.AddScoped<SharedDbContext<TDbContext>>();
        services.AddScoped(provider => provider.GetRequiredService<SharedDbContext<TDbContext>>().Get(() => Create(own, provider)));
    }

    private TDbContext Get(Func<TDbContext> createOwn)
    {
        if (_shared is not null)
            return _shared.Context;
        IsOwnInUse = true;
        return createOwn();
    }

    private static TDbContext Create(ServiceDescriptor own, IServiceProvider provider) =>
        (TDbContext)(own.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!));
}
