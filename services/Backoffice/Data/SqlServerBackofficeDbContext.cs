using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Backoffice.Data;

/// <summary>The same model as SQL Server stores it, with migrations of its own. All of its keys ascend with time.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class SqlServerBackofficeDbContext(DbContextOptions<SqlServerBackofficeDbContext> options) : BackofficeDbContext(options)
{
    /// <inheritdoc/>
    public override Task<DeadLetter?> LockByFingerprintAsync(byte[] fingerprint, CancellationToken cancellationToken) =>
        DeadLetters
            .FromSql($"SELECT * FROM [DeadLetters] WITH (UPDLOCK, ROWLOCK) WHERE [Fingerprint] = {fingerprint}")
            .SingleOrDefaultAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<DeadLetter?> LockOpenByCopyKeyAsync(byte[] copyKey, CancellationToken cancellationToken) =>
        DeadLetters
            .FromSql($"SELECT * FROM [DeadLetters] WITH (UPDLOCK, ROWLOCK) WHERE [CopyKey] = {copyKey} AND [Status] = 'Open'")
            .SingleOrDefaultAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<DeadLetter?> LockAsync(long id, CancellationToken cancellationToken) =>
        DeadLetters
            .FromSql($"SELECT * FROM [DeadLetters] WITH (UPDLOCK, ROWLOCK) WHERE [Id] = {id}")
            .SingleOrDefaultAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<List<DeadLetter>> LockOpenOfGroupAsync(Guid groupId, long after, long last, int limit, CancellationToken cancellationToken) =>
        DeadLetters
            .FromSql($"""
                SELECT TOP ({limit}) * FROM [DeadLetters] WITH (UPDLOCK, ROWLOCK, READPAST)
                WHERE [GroupId] = {groupId} AND [Status] = 'Open' AND [Id] > {after} AND [Id] <= {last}
                ORDER BY [Id]
                """)
            .ToListAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => configurationBuilder.UseSqlServerTypes();
}
