using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace OrderSample.Services.RealServers.Tests.Orders;

/// <summary>How PostgreSQL has answered a query.</summary>
/// <param name="Name">What the query is for.</param>
/// <param name="Cost">What it expected it to cost, in its own unit: a page read in sequence costs 1.</param>
/// <param name="Rows">Rows that it read from tables and indexes, those that did not match too.</param>
/// <param name="Indexes">The indexes that it went by.</param>
/// <param name="ScannedTables">The tables that it read from end to end.</param>
internal sealed record QueryPlan(string Name, double Cost, double Rows, IReadOnlySet<string> Indexes, IReadOnlyList<string> ScannedTables)
{
    private static readonly string[] Removed = ["Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter"];

    public static async Task<QueryPlan> Of(string name, IQueryable query)
    {
        await using var command = query.CreateDbCommand();
        command.CommandText = $"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {command.CommandText}";
        await command.Connection!.OpenAsync();
        try
        {
            var json = (string)(await command.ExecuteScalarAsync())!;
            var root = JsonDocument.Parse(json).RootElement[0].GetProperty("Plan");
            var nodes = Nodes(root).ToList();
            return new QueryPlan(
                name,
                root.GetProperty("Total Cost").GetDouble(),
                nodes.Where(node => !node.TryGetProperty("Plans", out _)).Sum(Read),
                nodes.Select(node => Text(node, "Index Name")).OfType<string>().ToHashSet(),
                [.. nodes.Where(node => Text(node, "Node Type") == "Seq Scan").Select(node => Text(node, "Relation Name")!)]);
        }
        finally
        {
            await command.Connection.CloseAsync();
        }
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    private static double Read(JsonElement node) => Number(node, "Actual Loops") * (Number(node, "Actual Rows") + Removed.Sum(name => Number(node, name)));

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    private static string? Text(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetString() : null;
}
