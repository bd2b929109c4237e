using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OrderSample.Services.Tests.Persistence;

/// <summary>Stands where SQL Server would: notes the first statement that is sent to it.</summary>
internal sealed class StatementNotes : DbCommandInterceptor, IDbConnectionInterceptor
{
    /// <summary>The first statement of <paramref name="work"/>, which ends with it.</summary>
    public static async Task<string> Of<TContext>(Func<TContext, Task> work, int? maxBatchSize = null)
        where TContext : DbContext
    {
        var options = new DbContextOptionsBuilder<TContext>().AddInterceptors(new StatementNotes())
            .UseSqlServer("Server=nowhere", server => server.MaxBatchSize(maxBatchSize ?? 42)).Options;
        await using var context = (TContext)Activator.CreateInstance(typeof(TContext), options)!;
        // A transaction would be asked of the server.
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => work(context));
        return (thrown as NotedException ?? Assert.IsType<NotedException>(thrown.InnerException)).Message;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        var parameters = command.Parameters.Cast<SqlParameter>().Select(parameter => $"{parameter.ParameterName} {Type(parameter)}");
        throw new NotedException($"-- {string.Join(", ", parameters)}\n{command.CommandText.ReplaceLineEndings("\n").Trim()}");
    }

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(InterceptionResult.Suppress());

    private static string Type(SqlParameter parameter) =>
        parameter.Size == 0 ? $"{parameter.SqlDbType}" : $"{parameter.SqlDbType}({(parameter.Size == -1 ? "max" : parameter.Size)})";

    private sealed class NotedException(string message) : Exception(message);
}
