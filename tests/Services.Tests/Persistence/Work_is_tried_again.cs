using System.Reflection;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderSample.NotificationService.Data;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Services.Tests.Persistence;

/// <summary>Which errors of a database say that the same work may succeed when it is done again.</summary>
public sealed class Work_is_tried_again
{
    private static readonly SqlServerDatabase SqlServer = new SqlServerDatabase("Server=nowhere", new DatabaseOptions());
    private static readonly PostgresDatabase Postgres = new PostgresDatabase("Host=nowhere", new DatabaseOptions());

    [Theory]
    [InlineData(1205, 13, true)] // deadlock
    [InlineData(3960, 16, true)] // conflict under snapshot isolation
    [InlineData(-2, 11, true)] // timeout
    [InlineData(10054, 20, true)] // connection lost
    [InlineData(2627, 14, false)] // key taken
    [InlineData(547, 16, false)] // foreign key
    [InlineData(18456, 14, true)] // the password was changed
    [InlineData(3906, 16, true)] // read-only
    [InlineData(4060, 11, true)] // no such database
    [InlineData(208, 16, false)] // no such table
    public void On_SQL_Server(int number, byte severity, bool expected)
    {
        Assert.Equal(expected, SqlServer.IsTransient(SqlServerError(number, severity)));
        Assert.Equal(expected, SqlServer.IsTransient(new DbUpdateException("wrapped", SqlServerError(number, severity))));
    }

    [Theory]
    [InlineData(PostgresErrorCodes.SerializationFailure, true)]
    [InlineData(PostgresErrorCodes.DeadlockDetected, true)]
    [InlineData(PostgresErrorCodes.UniqueViolation, false)]
    [InlineData(PostgresErrorCodes.ForeignKeyViolation, false)]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, true)]
    [InlineData(PostgresErrorCodes.InvalidPassword, true)]
    [InlineData(PostgresErrorCodes.InvalidCatalogName, true)]
    [InlineData(PostgresErrorCodes.UndefinedTable, false)]
    public void On_PostgreSQL(string state, bool expected)
    {
        Assert.Equal(expected, Postgres.IsTransient(PostgresError(state)));
        Assert.Equal(expected, Postgres.IsTransient(new DbUpdateException("wrapped", PostgresError(state))));
    }

    [Fact]
    public void But_not_when_a_key_is_taken_which_is_an_answer()
    {
        Assert.True(SqlServer.IsUniqueViolation(new DbUpdateException("wrapped", SqlServerError(2627, 14))));
        Assert.True(SqlServer.IsUniqueViolation(SqlServerError(2601, 14)));
        Assert.False(SqlServer.IsUniqueViolation(SqlServerError(1205, 13)));
        Assert.True(Postgres.IsUniqueViolation(new DbUpdateException("wrapped", PostgresError(PostgresErrorCodes.UniqueViolation))));
    }

    [Fact]
    public void By_its_endpoint_when_a_row_was_refused()
    {
        Assert.All([547, 2601, 2627], number => Assert.True(SqlServer.IsConstraintViolation(new DbUpdateException("wrapped", SqlServerError(number, 14)))));
        Assert.False(SqlServer.IsConstraintViolation(SqlServerError(1205, 13)));
        Assert.All([PostgresErrorCodes.CheckViolation, PostgresErrorCodes.ForeignKeyViolation, PostgresErrorCodes.UniqueViolation],
            state => Assert.True(Postgres.IsConstraintViolation(new DbUpdateException("wrapped", PostgresError(state)))));
        Assert.False(Postgres.IsConstraintViolation(PostgresError(PostgresErrorCodes.DeadlockDetected)));
    }

    [Fact]
    public async Task When_no_SQL_Server_answers()
    {
        var nobody = new SqlServerDatabase("Server=127.0.0.1,1;User ID=nobody;Password=none;Connect Timeout=5;ConnectRetryCount=0", new DatabaseOptions());
        var options = new DbContextOptionsBuilder<SqlServerNotificationDbContext>();
        nobody.Configure(options);
        await using var context = new SqlServerNotificationDbContext(options.Options);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => context.Notifications.ToListAsync());

        Assert.True(nobody.IsTransient(refused), refused.ToString());
    }

    private static PostgresException PostgresError(string state) => new("made for a test", "ERROR", "ERROR", state);

    /// <summary>The client makes such exceptions from what the server sends, and lets nobody else.</summary>
    private static SqlException SqlServerError(int number, byte severity)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;
        var makeError = typeof(SqlError).GetConstructors(Hidden).MinBy(constructor => constructor.GetParameters().Length)!;
        var error = makeError.Invoke([.. makeError.GetParameters().Select(parameter => parameter.Name switch
        {
            "infoNumber" => number,
            "errorClass" => severity,
            _ => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null,
        })]);
        var errors = (SqlErrorCollection)Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true)!;
        typeof(SqlErrorCollection).GetMethod("Add", Hidden)!.Invoke(errors, [error]);
        var make = typeof(SqlException).GetMethods(Hidden).Where(method => method.Name == "CreateException")
            .MinBy(method => method.GetParameters().Length)!;
        return (SqlException)make.Invoke(null, [.. make.GetParameters().Select(parameter => parameter.ParameterType == typeof(SqlErrorCollection) ? errors : (object?)null)])!;
    }
}
