using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Decides whether a transaction's last save may bring the COMMIT with it, which saves a round trip. It may where EF Core sends all of it as one command, so that
/// it is committed as a whole, and where no row that it changes can be gone or changed: that EF Core would learn from the answer only, and throw.
/// </summary>
internal sealed class FinalSave<TDbContext>
    where TDbContext : DbContext
{
    /// <summary>Far fewer rows than the 1,000 for which Npgsql begins another command.</summary>
    private const int MostRows = 250;

    private bool? _isPossible;
    private int _mostRows;

    /// <summary>Whether it may, with what is tracked now.</summary>
    public bool MayCommit(TDbContext context)
    {
        if (!(_isPossible ??= IsPossible(context)))
            return false;

        var locked = ((ILocksTogether)context).Locked;
        var rows = 0;
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (++rows > _mostRows || (entry.State != EntityState.Added && !locked.Holds(entry.Entity)))
                return false;
        }

        return true;
    }

    private bool IsPossible(TDbContext context)
    {
        var options = context.GetService<IDbContextOptions>().Extensions.OfType<RelationalOptionsExtension>().Single();
        _mostRows = Math.Min(options.MaxBatchSize ?? MostRows, MostRows);
        return Piggyback.IsIn(context) && context is ILocksTogether && options.MinBatchSize is null or <= 2 && context.Model.GetEntityTypes().All(IsPlain);
    }

    // One row in one table, with a key that no other row has to wait for until the database has made it. What a navigation leads to is found when it is too late.
    private static bool IsPlain(IEntityType entity) =>
        entity.GetTableMappings().Count() <= 1
        && !entity.GetNavigations().Any() && !entity.GetSkipNavigations().Any()
        && !entity.GetReferencingForeignKeys().Any(x => x.PrincipalKey.Properties.Any(key => key.ValueGenerated != ValueGenerated.Never));
}
