using Microsoft.Extensions.Configuration;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Services.Tests.Persistence;

public sealed class The_database_is_chosen
{
    [Theory]
    [InlineData(null, DatabaseKind.Postgres)]
    [InlineData("Postgres", DatabaseKind.Postgres)]
    [InlineData("sqlserver", DatabaseKind.SqlServer)]
    public void By_its_name(string? provider, DatabaseKind expected) => Assert.Equal(expected, Read("Provider", provider).Provider);

    [Theory]
    [InlineData("Oracle")]
    [InlineData("1")]
    [InlineData("")]
    public void And_a_name_that_is_unknown_is_answered_with_those_that_are_not(string provider)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Read("Provider", provider));
        Assert.Equal($"Database:Provider is '{provider}'; it must be one of Postgres, SqlServer.", refused.Message);
    }

    [Theory]
    [InlineData("MaxBatchSize", "0")]
    [InlineData("MaxBatchSize", "1001")]
    [InlineData("MaxBatchSize", "many")]
    [InlineData("CommandTimeout", "0")]
    [InlineData("MaxPoolSize", "1")]
    [InlineData("IdleInTransactionTimeout", "00:00:00.5")]
    public void With_settings_that_are_checked_before_anything_is_done(string name, string value) =>
        Assert.Contains(name, Assert.Throws<InvalidOperationException>(() => Read(name, value)).Message, StringComparison.Ordinal);

    [Fact]
    public void With_as_many_rows_to_a_statement_as_it_can_take() => Assert.Equal(1, Read("MaxBatchSize", "1").MaxBatchSize);

    private static DatabaseOptions Read(string name, string? value) => DatabaseOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [$"Database:{name}"] = value }).Build());
}
