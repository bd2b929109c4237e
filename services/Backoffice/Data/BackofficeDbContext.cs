using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Messaging;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Data;

/// <summary>The backoffice's data: dead letters, who may come in, and what people did.</summary>
/// <param name="options">Where it is stored.</param>
public abstract class BackofficeDbContext(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    private const int EnumLength = 16;
    private const int FingerprintLength = 32;

    /// <summary>All dead letters, also those that are done with.</summary>
    public DbSet<DeadLetter> DeadLetters => Set<DeadLetter>();

    /// <summary>Copies of them.</summary>
    public DbSet<DeadLetterCopy> Copies => Set<DeadLetterCopy>();

    /// <summary>What was done to them.</summary>
    public DbSet<DeadLetterAction> Actions => Set<DeadLetterAction>();

    /// <summary>Messages of orders that are delivered more than once.</summary>
    public DbSet<DeliveryRepetition> Repetitions => Set<DeliveryRepetition>();

    /// <summary>The audit trail of everything that people do here.</summary>
    public DbSet<OperatorAction> OperatorActions => Set<OperatorAction>();

    /// <summary>Links that sign people in.</summary>
    public DbSet<SignInLink> SignInLinks => Set<SignInLink>();

    /// <summary>Keys that cookies are protected with: kept, so that a restart leaves people signed in.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Reads a case by what makes it one, and locks it until the transaction ends.</summary>
    /// <param name="fingerprint">The hash.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tracked case, or null; then its key keeps two messages from both making one.</returns>
    public abstract Task<DeadLetter?> LockByFingerprintAsync(byte[] fingerprint, CancellationToken cancellationToken);

    /// <summary>Reads the open case that a message is a copy of, and locks it until the transaction ends.</summary>
    /// <param name="copyKey">The hash.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tracked case, or null; then the key keeps two copies from both making one.</returns>
    public abstract Task<DeadLetter?> LockOpenByCopyKeyAsync(byte[] copyKey, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a case, and locks it until the transaction ends. Of two who ask at once the second waits, and then sees what
    /// the first has made of it.
    /// </summary>
    /// <param name="id">The case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tracked case, or null when there is none.</returns>
    public abstract Task<DeadLetter?> LockAsync(long id, CancellationToken cancellationToken);

    /// <summary>Reads open cases of a group, oldest first, and locks them until the transaction ends. Leaves out what another has locked.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="after">The last id of the batch before.</param>
    /// <param name="last">The last id to look at.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public abstract Task<List<DeadLetter>> LockOpenOfGroupAsync(Guid groupId, long after, long last, int limit, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<DeadLetter>(letter =>
        {
            letter.ToTable("DeadLetters").HasKey(x => x.Id);
            letter.Property(x => x.Fingerprint).HasMaxLength(FingerprintLength);
            letter.HasIndex(x => x.Fingerprint).IsUnique();
            letter.Property(x => x.CopyKey).HasMaxLength(FingerprintLength);
            letter.HasIndex(x => x.CopyKey).IsUnique().HasFilter("\"Status\" = 'Open' AND \"CopyKey\" IS NOT NULL");
            letter.Property(x => x.Queue).HasMaxLength(DeadLetter.MaxNameLength);
            letter.Property(x => x.Endpoint).HasMaxLength(DeadLetter.MaxNameLength);
            letter.Property(x => x.Exchange).HasMaxLength(DeadLetter.MaxNameLength);
            letter.Property(x => x.RoutingKey).HasMaxLength(DeadLetter.MaxNameLength);
            letter.Property(x => x.MessageId).HasMaxLength(DeadLetter.MaxNameLength);
            letter.Property(x => x.HandledBy).HasMaxLength(DeadLetter.MaxNameLength);
            letter.Property(x => x.MessageType).HasMaxLength(DeadLetter.MaxTypeLength);
            letter.Property(x => x.ExceptionType).HasMaxLength(DeadLetter.MaxTypeLength);
            letter.Property(x => x.ExceptionMessage).HasMaxLength(DeadLetter.MaxMessageLength);
            letter.Property(x => x.StackTrace).HasMaxLength(DeadLetter.MaxStackTraceLength);
            letter.Property(x => x.Cause).HasConversion<string>().HasMaxLength(EnumLength);
            letter.Property(x => x.Status).HasConversion<string>().HasMaxLength(EnumLength);
            // As text: a header may hold what the database's own JSON type refuses.
            letter.Property(x => x.Properties).HasConversion(value => value.ToJson(), json => MessageProperties.FromJson(json));
            letter.HasIndex(x => new { x.Status, x.Id });
            letter.HasIndex(x => new { x.GroupId, x.Status, x.Id });
            letter.HasIndex(x => new { x.Queue, x.Id });
            letter.HasIndex(x => new { x.OrderId, x.Id });
            letter.HasIndex(x => x.EditedFrom).IsUnique();
        });
        modelBuilder.Entity<DeadLetterCopy>(copy =>
        {
            copy.ToTable("DeadLetterCopies").HasKey(x => x.Id);
            copy.Property(x => x.Fingerprint).HasMaxLength(FingerprintLength);
            copy.HasIndex(x => x.Fingerprint).IsUnique();
            copy.Property(x => x.MessageId).HasMaxLength(DeadLetter.MaxNameLength);
            copy.HasOne<DeadLetter>().WithMany().HasForeignKey(x => x.DeadLetterId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<DeadLetterAction>(action =>
        {
            action.ToTable("DeadLetterActions").HasKey(x => x.Id);
            action.Property(x => x.Action).HasConversion<string>().HasMaxLength(EnumLength);
            action.Property(x => x.By).HasMaxLength(OperatorDecision.MaxTextLength);
            action.Property(x => x.Reason).HasMaxLength(OperatorDecision.MaxTextLength);
            action.Property(x => x.Problem).HasMaxLength(DeadLetter.MaxMessageLength);
            action.HasOne<DeadLetter>().WithMany().HasForeignKey(x => x.DeadLetterId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<DeliveryRepetition>(repetition =>
        {
            repetition.ToTable("DeliveryRepetitions").HasKey(x => x.Id);
            repetition.Property(x => x.MessageId).HasMaxLength(DeadLetter.MaxNameLength);
            repetition.Property(x => x.MessageType).HasMaxLength(DeadLetter.MaxTypeLength);
            repetition.Property(x => x.Endpoint).HasMaxLength(DeadLetter.MaxNameLength);
            repetition.Property(x => x.Cause).HasConversion<string>().HasMaxLength(EnumLength);
            repetition.Property(x => x.ExceptionType).HasMaxLength(DeadLetter.MaxTypeLength);
            repetition.Property(x => x.ExceptionMessage).HasMaxLength(DeadLetter.MaxMessageLength);
            repetition.Property(x => x.Delays).HasMaxLength(DeliveryRepetition.MaxDelaysLength);
            repetition.HasIndex(x => new { x.MessageId, x.Endpoint, x.Replay, x.Cause }).IsUnique();
            repetition.HasIndex(x => new { x.OrderId, x.Id });
        });
        modelBuilder.AddAccess();
    }
}
