using Microsoft.Data.SqlClient;
using OrderSample.Servers.Containers;

namespace OrderSample.AppHost.LeastPrivilege;

/// <summary>A service's login: it owns its database, and has no user in any other.</summary>
internal sealed class SqlServerLogin(SqlServerDatabase database, string name, ParameterResource password)
{
    /// <summary>Makes the login, or changes it to what it is to be.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        var connectionString = await ((IResourceWithConnectionString)database).GetConnectionStringAsync(cancellationToken);
        await using var administrator = new SqlConnection($"{connectionString};Pooling=false");
        await administrator.OpenAsync(cancellationToken);
        await using var make = new SqlCommand(Statements, administrator);
        make.Parameters.AddWithValue("@name", name);
        make.Parameters.AddWithValue("@database", database.Name);
        make.Parameters.AddWithValue("@password", await password.GetValueAsync(cancellationToken));
        await make.ExecuteNonQueryAsync(cancellationToken);
    }

    // Logins take no parameters; the server itself quotes what is put together here. Without a policy, because the password
    // is random, and made anew at each start.
    private const string Statements =
        """
        DECLARE @login nvarchar(258) = QUOTENAME(@name), @statement nvarchar(max);
        SET @statement = IIF(SUSER_ID(@name) IS NULL, N'CREATE', N'ALTER') + N' LOGIN ' + @login + N' WITH PASSWORD = ' + QUOTENAME(@password, '''')
            + N', CHECK_POLICY = OFF;';
        EXEC (@statement);
        IF (SELECT owner_sid FROM sys.databases WHERE name = @database) <> SUSER_SID(@name)
        BEGIN
            SET @statement = N'ALTER AUTHORIZATION ON DATABASE::' + QUOTENAME(@database) + N' TO ' + @login + N';';
            EXEC (@statement);
        END
        """;
}
