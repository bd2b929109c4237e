using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Lets a statement that has nothing to tell travel with the next one of its DbContext, a query or a save: one round trip for both. It runs before a
/// query and after what is saved, in the same transaction; when it fails, the other one is what throws.
/// </summary>
/// <remarks>For PostgreSQL, whose commands may be several statements with one result each: without it each is a round trip of its own.</remarks>
public sealed class Piggyback : DbCommandInterceptor
{
    private const string Postgres = "Npgsql.EntityFrameworkCore.PostgreSQL";
    private const string ParameterPrefix = "piggyback";

    private static readonly ConditionalWeakTable<DbContext, Statement> Waiting = [];

    /// <summary>For the options of DbContexts on PostgreSQL; elsewhere it does nothing.</summary>
    public static Piggyback Instance { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(eventData);
        var isSave = eventData.CommandSource == CommandSource.SaveChanges;
        if (!result.HasResult && eventData.Context is { } context && Waiting.TryGetValue(context, out var statement) && statement.IsForSave == isSave)
        {
            Waiting.Remove(context);
            statement.JoinTo(command);
        }

        return new(result);
    }

    /// <summary>Whether statements of a DbContext can travel together.</summary>
    internal static bool IsIn(DbContext context) =>
        context.Database.ProviderName == Postgres && context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.Interceptors?.Contains(Instance) == true;

    /// <summary>Leaves a statement to the next query. Only one can wait.</summary>
    /// <param name="context">Whose; it must have the interceptor.</param>
    /// <param name="sql">With {0}, {1}, ... for its parameters.</param>
    /// <param name="parameters">Their values.</param>
    internal static void LeaveToQuery(DbContext context, string sql, params object[] parameters) => Waiting.Add(context, new Statement(sql, parameters, IsForSave: false));

    /// <summary>Leaves statements to the next save's first command, and to nothing else.</summary>
    internal static void LeaveToSave(DbContext context, string sql, params object[] parameters) => Waiting.Add(context, new Statement(sql, parameters, IsForSave: true));

    /// <summary>Sends what still waits, because nothing came that it could have travelled with.</summary>
    internal static Task SendAsync(DbContext context, CancellationToken cancellationToken) =>
        Waiting.TryGetValue(context, out var statement) && Waiting.Remove(context)
            ? context.Database.ExecuteSqlRawAsync(statement.Sql, statement.Parameters, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Drops what waits.</summary>
    /// <returns>False: nothing did.</returns>
    internal static bool Drop(DbContext context) => Waiting.Remove(context);

    private sealed record Statement(string Sql, object[] Parameters, bool IsForSave)
    {
        public void JoinTo(DbCommand command)
        {
            var names = new object[Parameters.Length];
            for (var i = 0; i < names.Length; i++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = $"{ParameterPrefix}{i}";
                parameter.Value = Parameters[i];
                command.Parameters.Add(parameter);
                names[i] = $"@{parameter.ParameterName}";
            }

            var sql = string.Format(CultureInfo.InvariantCulture, Sql, names);
            // A save counts the rows of its own statements, from the first one on.
            command.CommandText = IsForSave ? $"{command.CommandText.TrimEnd(';', '\r', '\n')};\n{sql}" : $"{sql};\n{command.CommandText}";
        }
    }
}
