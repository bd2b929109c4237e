using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The settings of one DbContext's outbox and inbox; typed, because a process may have several.</summary>
internal sealed record OutboxSettings<TDbContext>(EntityFrameworkOutboxOptions Options)
    where TDbContext : DbContext;
