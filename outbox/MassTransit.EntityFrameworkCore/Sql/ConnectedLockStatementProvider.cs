using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Locks rows the way the database does that a DbContext is connected to; used until the application names one.</summary>
internal sealed class ConnectedLockStatementProvider : ILockStatementProvider
{
    private readonly PostgresLockStatementProvider _postgres = new();
    private readonly SqlServerLockStatementProvider _sqlServer = new();

    public string GetRowLockStatement<T>(DbContext context)
        where T : class =>
        For(context).GetRowLockStatement<T>(context);

    public string GetRowLockStatement<T>(DbContext context, params string[] propertyNames)
        where T : class =>
        For(context).GetRowLockStatement<T>(context, propertyNames);

    public string GetOutboxStatement(DbContext context) => For(context).GetOutboxStatement(context);

    private SqlLockStatementProvider For(DbContext context) =>
        context.Database.ProviderName == "Microsoft.EntityFrameworkCore.SqlServer" ? _sqlServer : _postgres;
}
