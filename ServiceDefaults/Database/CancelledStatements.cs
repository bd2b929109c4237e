using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>
/// Ends a statement that was cancelled as everything else that is cancelled ends. SQL Server's client has an error of
/// its own for it, which whoever stops or hangs up would take for a failure.
/// </summary>
internal sealed class CancelledStatements : DbCommandInterceptor
{
    /// <inheritdoc/>
    public override Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }
}
