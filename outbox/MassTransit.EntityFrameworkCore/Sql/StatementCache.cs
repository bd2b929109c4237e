using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Writes a DbContext's statements once.</summary>
internal sealed class StatementCache
{
    private OutboxStatements? _statements;

    public OutboxStatements For(DbContext context) => _statements ??= OutboxStatements.For(context);
}
