using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCore.Tests.Running;

/// <summary>A service's database: notes as its own data, a saga, and the outbox's tables.</summary>
public sealed class TestDbContext(DbContextOptions<TestDbContext> options) : DbContext(options), ILocksTogether
{
    public DbSet<Note> Notes => Set<Note>();

    public DbSet<Counter> Counters => Set<Counter>();

    public LockedRows Locked { get; } = new();

    public async Task LockForAsync(IReadOnlyCollection<object> messages, CancellationToken cancellationToken)
    {
        ILockStatementProvider locks = Database.ProviderName!.Contains("SqlServer", StringComparison.Ordinal)
            ? new SqlServerLockStatementProvider()
            : new PostgresLockStatementProvider();
        var statement = locks.GetRowLockStatement<Counter>(this);
        foreach (var id in messages.OfType<Increment>().Select(x => x.CounterId).Distinct().Order())
            Locked.Set(id, await Counters.FromSqlRaw(statement, id).SingleOrDefaultAsync(cancellationToken));
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Note>();
        modelBuilder.Entity<Counter>(counter =>
        {
            counter.HasKey(x => x.CorrelationId);
            counter.Property(x => x.CorrelationId).ValueGeneratedNever();
            // A number to PostgreSQL, eight bytes to SQL Server.
            if (Database.IsSqlServer())
                counter.Ignore(x => x.Version).Property<byte[]>("RowVersion").IsRowVersion();
            else
                counter.Property(x => x.Version).IsRowVersion();
        });
        modelBuilder.AddTransactionalOutboxEntities();
    }
}

public sealed class Note
{
    public int Id { get; set; }

    public string Text { get; set; } = "";
}

public sealed class Counter : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public int Count { get; set; }

    public uint Version { get; set; }

    public Guid? ReminderTokenId { get; set; }
}
