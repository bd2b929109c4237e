using System.Globalization;
using System.Text;
using MassTransit;
using MassTransit.SagaStateMachine;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.Services.Tests.Documentation;

namespace OrderSample.Services.Tests.Ordering;

/// <summary>
/// The diagram in the documentation is made from the state machine. To make it anew, from the repository's root:
/// <c>RENEW_DIAGRAM=1 dotnet test tests/Services.Tests --filter The_state_diagram</c>
/// </summary>
public sealed class The_state_diagram
{
    private const string Begin = "<!-- The order's states: made by the test The_state_diagram -->";
    private const string End = "<!-- End of the order's states -->";

    [Fact]
    public void Shows_the_state_machine_as_it_is()
    {
        const string file = "docs/order-states.md";
        var path = Path.Combine(Repository.Root, file);
        var committed = File.ReadAllText(path);
        var expected = WithDiagram(committed);
        if (Environment.GetEnvironmentVariable("RENEW_DIAGRAM") == "1")
            File.WriteAllText(path, committed = expected);

        Assert.True(committed == expected, $"The diagram in {file} is not that of the state machine any more. Make it anew, as the summary of {nameof(The_state_diagram)} says.");
    }

    private static string WithDiagram(string text)
    {
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, "The marks around the diagram are missing.");
        return $"{text[..begin]}{Begin}\n```mermaid\n{Diagram()}```\n{text[end..]}";
    }

    private static string Diagram()
    {
        var machine = new OrderStateMachine(Options.Create(new SagaOptions()), TimeProvider.System, NullLogger<OrderStateMachine>.Instance);
        var edges = machine.GetGraph().Edges.ToList();
        var moves =
            from cause in edges
            where IsState(cause.From)
            from effect in edges
            where effect.From.Equals(cause.To)
            select (From: cause.From.Title, To: effect.To.Title, On: cause.To.Title.Replace(".Received", "", StringComparison.Ordinal));
        var ways = moves.GroupBy(move => (move.From, move.To), move => move.On)
            .OrderBy(way => Rank(way.Key.From)).ThenBy(way => Rank(way.Key.To)).ToList();

        var text = new StringBuilder("stateDiagram-v2\n");
        foreach (var way in ways)
            text.Append(CultureInfo.InvariantCulture, $"    {(way.Key.From == nameof(machine.Initial) ? "[*]" : way.Key.From)} --> {way.Key.To} : {string.Join(", ", way.Distinct().Order(StringComparer.Ordinal))}\n");
        foreach (var final in ways.Select(way => way.Key.To).Distinct().Where(state => ways.All(way => way.Key.From != state)).OrderBy(Rank))
            text.Append(CultureInfo.InvariantCulture, $"    {final} --> [*]\n");
        return text.ToString();
    }

    private static bool IsState(Vertex vertex) => vertex.VertexType == typeof(State);

    /// <summary>In the order of an order's life; the state before it comes first.</summary>
    private static int Rank(string state) => Enum.TryParse<OrderStatus>(state, out var status) ? (int)status : -1;
}
