using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Saving in a transaction that nothing goes on in after a failure.</summary>
internal static class SavingExtensions
{
    /// <summary>
    /// Saves without the savepoint that EF would set and release, two round trips, so that the transaction can be used after
    /// a failed save: here a failure ends it.
    /// </summary>
    public static async Task SaveOrEndAsync(this DbContext context, CancellationToken cancellationToken)
    {
        var database = context.Database;
        var setsSavepoints = database.AutoSavepointsEnabled;
        database.AutoSavepointsEnabled = false;
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        finally
        {
            database.AutoSavepointsEnabled = setsSavepoints;
        }
    }
}
