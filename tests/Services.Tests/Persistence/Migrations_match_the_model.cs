using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace OrderSample.Services.Tests.Persistence;

public sealed class Migrations_match_the_model
{
    public static TheoryData<Type> All => Contexts.All;

    public static TheoryData<Type> OnSqlServer => Contexts.OnSqlServer;

    [Theory]
    [MemberData(nameof(All))]
    public void Of_every_service_on_every_database(Type context)
    {
        using var database = Contexts.Create(context);
        Assert.False(database.Database.HasPendingModelChanges(), "Add a migration: see eng/Migrations/Migrations.csproj.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void As_a_script_that_leaves_out_what_is_done(Type context)
    {
        using var database = Contexts.Create(context);

        var script = database.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        Assert.All(database.Database.GetMigrations(), migration => Assert.Contains($"'{migration}'", script, StringComparison.Ordinal));
        Assert.All(Tables(database), table => Assert.Matches($"CREATE TABLE [\"[]{table}[\"\\]]", script));
    }

    /// <summary>So that they also run where an empty database is all that one is given, and nothing more is allowed than making tables in it, and changing these. An index is dropped only where the same migration makes it anew.</summary>
    [Theory]
    [MemberData(nameof(OnSqlServer))]
    public void And_only_make_tables_columns_and_indexes(Type context)
    {
        using var database = Contexts.Create(context);
        var migrations = database.GetService<IMigrationsAssembly>();

        var all = migrations.Migrations.Values.Select(type => migrations.CreateMigration(type, database.Database.ProviderName!).UpOperations).ToList();

        Assert.NotEmpty(all);
        Assert.All(all, operations => Assert.All(operations, operation => Assert.True(operation is CreateTableOperation or AddColumnOperation or CreateIndexOperation
            || operation is DropIndexOperation dropped && operations.OfType<CreateIndexOperation>().Any(made => made.Name == dropped.Name), operation.GetType().Name)));
    }

    private static IEnumerable<string> Tables(DbContext database) =>
        database.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.Select(table => table.Name);
}
