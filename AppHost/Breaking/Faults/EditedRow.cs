using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace OrderSample.AppHost.Breaking.Faults;

/// <summary>Somebody edits the inventory's tables by hand: the stock of an order that is over is held again.</summary>
internal sealed class EditedRow(HostedProcesses processes) : IFault
{
    private const string Database = "inventory-db";

    public string Kind => "edited-row";

    /// <param name="target">The order.</param>
    /// <param name="details">Its product, and how many pieces of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken)
    {
        var database = (IResourceWithConnectionString)processes.Find(Database);
        var address = (await database.GetConnectionStringAsync(cancellationToken))!;
        await using DbConnection connection = address.Contains("Initial Catalog", StringComparison.OrdinalIgnoreCase) ? new SqlConnection(address) : new NpgsqlConnection(address);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE "Reservations" SET "Status" = 'Held' WHERE "OrderId" = @order;
            UPDATE "Products" SET "Reserved" = "Reserved" + @quantity WHERE "Sku" = @sku;
            """;
        foreach (var (name, value) in new (string, object)[] { ("order", Guid.Parse(target)), ("quantity", details.GetProperty("quantity").GetInt32()), ("sku", details.GetProperty("sku").GetString()!) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        if (await command.ExecuteNonQueryAsync(cancellationToken) != 2)
            throw new InvalidOperationException($"The stock of order {target} is not there to be edited.");
    }

    /// <summary>Reconciliation mends it: that is what is shown.</summary>
    public Task MendAsync(string target, CancellationToken cancellationToken) => Task.CompletedTask;
}
