using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Decides whether a transaction's last save may bring the COMMIT with it, which saves a round trip. It may where EF Core sends all of it as one command, and
/// would find nothing in the answer that is a reason to roll back.
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
            // A row that is not locked may have been changed or deleted meanwhile. EF Core learns that from how many the save has updated, and throws.
            if (++rows > _mostRows || (entry.State != EntityState.Added && !locked.Holds(entry.Entity)))
                return false;
        }

        return true;
    }

    private bool IsPossible(TDbContext context)
    {
        var options = context.GetService<IDbContextOptions>().Extensions.OfType<RelationalOptionsExtension>().Single();
        _mostRows = Math.Min(options.MaxBatchSize ?? MostRows, MostRows);
        return Piggyback.IsIn(context) && context is ILocksTogether && options.MinBatchSize is null or <= 2 && !context.Model.GetEntityTypes().Any(SendsItsKeyBack);
    }

    // Rows that refer to a key that the database makes are sent when it is known, in a second command.
    private static bool SendsItsKeyBack(IEntityType entity) =>
        entity.GetReferencingForeignKeys().Any(x => x.PrincipalKey.Properties.Any(key => key.ValueGenerated != ValueGenerated.Never));
}
