using Microsoft.Extensions.Configuration;

namespace OrderSample.AppHost.Databases;

/// <summary>Adds the server that the services' databases are on.</summary>
internal static class DatabaseServerExtensions
{
    /// <summary>Whether <c>Database:Provider</c> asks for SQL Server; on Aspire's packages also when it asks for nothing.</summary>
    public static bool IsOnSqlServer(this IDistributedApplicationBuilder builder)
    {
#if OFFICIAL_ASPIRE
        const string UnlessSaid = "SqlServer";
#else
        const string UnlessSaid = "Postgres";
#endif
        return string.Equals(builder.Configuration["Database:Provider"] ?? UnlessSaid, "SqlServer", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Adds PostgreSQL, or, on Aspire's packages, SQL Server where that is asked for. Without the packages SQL Server is one that runs already.</summary>
    public static IDatabaseServer AddDatabaseServer(this IDistributedApplicationBuilder builder)
    {
#if OFFICIAL_ASPIRE
        if (builder.IsOnSqlServer())
            return new SqlServer(builder.AddSqlServer("sqlserver").KeepsData());
#endif
        return new PostgresServer(builder.AddPostgres("postgres").KeepsData());
    }
}
