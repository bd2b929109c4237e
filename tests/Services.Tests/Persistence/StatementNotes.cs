using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OrderSample.Services.Tests.Persistence;

/// <summary>Stands where SQL Server would: notes what is sent to it, and finds no rows.</summary>
internal sealed class StatementNotes(bool endsWithTheFirst) : DbCommandInterceptor, IDbConnectionInterceptor
{
    private readonly List<string> _statements = [];

    /// <summary>All statements of <paramref name="work"/>, which finds nothing.</summary>
    public static async Task<IReadOnlyList<string>> All<TContext>(Func<TContext, Task> work)
        where TContext : DbContext
    {
        var notes = new StatementNotes(endsWithTheFirst: false);
        await using var context = Create<TContext>(notes);
        await work(context);
        return notes._statements;
    }

    /// <summary>The first statement of <paramref name="work"/>, which ends with it.</summary>
    public static async Task<string> Of<TContext>(Func<TContext, Task> work, int? maxBatchSize = null)
        where TContext : DbContext
    {
        await using var context = Create<TContext>(new StatementNotes(endsWithTheFirst: true), maxBatchSize);
        // A transaction would be asked of the server.
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => work(context));
        return (thrown as NotedException ?? Assert.IsType<NotedException>(thrown.InnerException)).Message;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        var parameters = command.Parameters.Cast<SqlParameter>().Select(parameter => $"{parameter.ParameterName} {Type(parameter)}");
        var statement = $"-- {string.Join(", ", parameters)}\n{command.CommandText.ReplaceLineEndings("\n").Trim()}";
        if (endsWithTheFirst)
            throw new NotedException(statement);
        _statements.Add(statement);
        return ValueTask.FromResult(InterceptionResult<DbDataReader>.SuppressWithResult(new DataTable().CreateDataReader()));
    }

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(InterceptionResult.Suppress());

    private static TContext Create<TContext>(StatementNotes notes, int? maxBatchSize = null)
        where TContext : DbContext =>
        (TContext)Activator.CreateInstance(typeof(TContext), new DbContextOptionsBuilder<TContext>().AddInterceptors(notes)
            .UseSqlServer("Server=nowhere", server => server.MaxBatchSize(maxBatchSize ?? 42)).Options)!;

    private static string Type(SqlParameter parameter) =>
        parameter.Size == 0 ? $"{parameter.SqlDbType}" : $"{parameter.SqlDbType}({(parameter.Size == -1 ? "max" : parameter.Size)})";

    private sealed class NotedException(string message) : Exception(message);
}
