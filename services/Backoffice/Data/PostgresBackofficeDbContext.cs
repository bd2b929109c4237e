using Microsoft.EntityFrameworkCore;

namespace OrderSample.Backoffice.Data;

/// <summary>The same model with a type of its own, which is how EF Core tells the migrations for PostgreSQL from others.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class PostgresBackofficeDbContext(DbContextOptions<PostgresBackofficeDbContext> options) : BackofficeDbContext(options)
{
    /// <inheritdoc/>
    public override Task<DeadLetter?> LockByFingerprintAsync(byte[] fingerprint, CancellationToken cancellationToken) =>
        DeadLetters
            .FromSql($"""SELECT * FROM "DeadLetters" WHERE "Fingerprint" = {fingerprint} FOR UPDATE""")
            .SingleOrDefaultAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<DeadLetter?> LockOpenByCopyKeyAsync(byte[] copyKey, CancellationToken cancellationToken) =>
        DeadLetters
            .FromSql($"""SELECT * FROM "DeadLetters" WHERE "CopyKey" = {copyKey} AND "Status" = 'Open' FOR UPDATE""")
            .SingleOrDefaultAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<DeadLetter?> LockAsync(long id, CancellationToken cancellationToken) =>
        DeadLetters
            .FromSql($"""SELECT * FROM "DeadLetters" WHERE "Id" = {id} FOR UPDATE""")
            .SingleOrDefaultAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<List<DeadLetter>> LockOpenOfGroupAsync(Guid groupId, long after, long last, int limit, CancellationToken cancellationToken) =>
        DeadLetters
            .FromSql($"""
                SELECT * FROM "DeadLetters"
                WHERE "GroupId" = {groupId} AND "Status" = 'Open' AND "Id" > {after} AND "Id" <= {last}
                ORDER BY "Id" LIMIT {limit} FOR UPDATE SKIP LOCKED
                """)
            .ToListAsync(cancellationToken);
}
