using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// The hot path's statements on one database, with the table and column names of the DbContext's model.
/// {0}, {1}, ... are parameters. All that differs between databases, but for row locks, is in what derives from this.
/// </summary>
internal abstract class OutboxStatements
{
    /// <summary>Stores that a consumer consumes a message: {0} message id, {1} consumer id, {2} now. One row, or none for a duplicate.</summary>
    /// <remarks>Waits while another transaction is consuming the same message.</remarks>
    public abstract string InsertInbox { get; }

    /// <summary>
    /// The same for several messages: {0} their ids, {1} consumer ids, each an array, {2} now. Returns the rows of those that
    /// are no duplicates. Null where a database has no such statement: they are stored one by one.
    /// </summary>
    public virtual string? InsertInboxRows => null;

    /// <summary>
    /// The same for messages that are held to be no duplicates; one that is one violates the table's key. It tells nothing, so it can travel with another
    /// statement. Null where a database has no such statement.
    /// </summary>
    public virtual string? InsertNewInboxRows => null;

    /// <summary>Deletes the oldest inbox rows received before {0}, at most {1}.</summary>
    public abstract string DeleteOldInbox { get; }

    /// <summary>Leases due rows and returns them: {0} now, {1} end of the lease, {2} how many at most.</summary>
    /// <remarks>Rows that another sweeper is claiming are passed over, not waited for.</remarks>
    public abstract string ClaimDue { get; }

    /// <summary>Leases given rows that are still there: {0} their <see cref="Keys"/>, {1} end of the lease.</summary>
    public abstract string ClaimGiven { get; }

    /// <summary>Deletes the rows with the <see cref="Keys"/> {0}.</summary>
    public abstract string Delete { get; }

    /// <summary>Defers rows that could not be delivered; the parameters are those of <see cref="FailedRows"/>.</summary>
    public abstract string Defer { get; }

    /// <summary>Deletes the scheduled messages with the <see cref="Tokens"/> {0}.</summary>
    public abstract string Cancel { get; }

    /// <summary>Sequence numbers as one parameter, whatever their number.</summary>
    public abstract object Keys(long[] sequenceNumbers);

    /// <summary>Tokens of scheduled messages as one parameter, whatever their number.</summary>
    public abstract object Tokens(Guid[] tokenIds);

    /// <summary>The parameters of <see cref="Defer"/>.</summary>
    public abstract object[] FailedRows(IReadOnlyList<FailedRow> rows);

    /// <summary>The statements for the database that a DbContext is connected to.</summary>
    /// <exception cref="NotSupportedException">The database is none of those that statements are written for.</exception>
    public static OutboxStatements For(DbContext context) => context.Database.ProviderName switch
    {
        "Npgsql.EntityFrameworkCore.PostgreSQL" => new PostgresOutboxStatements(new(context), new(context)),
        "Microsoft.EntityFrameworkCore.SqlServer" => new SqlServerOutboxStatements(new(context), new(context)),
        var other => throw new NotSupportedException(
            $"The outbox has no statements for the database provider {other}; it knows PostgreSQL (Npgsql) and SQL Server (Microsoft)."),
    };
}

/// <summary>A row that could not be delivered.</summary>
/// <param name="SequenceNumber">Its key.</param>
/// <param name="Next">When to try again, UTC; null: never.</param>
/// <param name="Attempts">How often the message was refused for its own sake.</param>
/// <param name="Error">What went wrong.</param>
internal sealed record FailedRow(long SequenceNumber, DateTime? Next, int Attempts, string Error);
