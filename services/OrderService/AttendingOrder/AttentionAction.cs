using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.OrderService.AttendingOrder;

/// <summary>What an operator may ask for a parked order.</summary>
public enum AttentionActionKind
{
    /// <summary>To go on from where it was given up.</summary>
    Retry,

    /// <summary>To be called off.</summary>
    Cancel,
}

/// <summary>What an operator asked for a parked order: the audit trail's row, never changed.</summary>
public sealed class AttentionAction
{
    /// <summary>Primary key, ascending in time.</summary>
    public long Id { get; init; }

    /// <summary>The order.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>What was asked for.</summary>
    public required AttentionActionKind Action { get; init; }

    /// <summary>Who asked.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>How the audit trail is stored.</summary>
internal static class AttentionModel
{
    private const int NameLength = 16;

    public static void AddAttention(this ModelBuilder modelBuilder) =>
        modelBuilder.Entity<AttentionAction>(action =>
        {
            action.ToTable("AttentionActions").HasKey(x => x.Id);
            action.Property(x => x.Action).HasConversion<string>().HasMaxLength(NameLength);
            action.Property(x => x.By).HasMaxLength(OperatorDecision.MaxTextLength);
            action.Property(x => x.Reason).HasMaxLength(OperatorDecision.MaxTextLength);
            action.HasOne<Order>().WithMany().HasForeignKey(x => x.OrderId).OnDelete(DeleteBehavior.Restrict);
        });
}
