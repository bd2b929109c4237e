using System.Text.Json;
using System.Text.Json.Serialization;
using OrderSample.Nemesis.Scheduling;

namespace OrderSample.Nemesis.Recording;

/// <summary>Writes down what happens, as JSON lines, and reads it again.</summary>
internal sealed class History : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly Lock _lock = new();
    private readonly StreamWriter _writer;

    /// <summary>Begins a file, with its folder.</summary>
    public History(string file)
    {
        File = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        _writer = new StreamWriter(File) { AutoFlush = true };
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Adds a line.</summary>
    public void Write(HistoryLine line)
    {
        var text = JsonSerializer.Serialize(line, Json);
        lock (_lock)
            _writer.WriteLine(text);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <summary>Reads all lines of a file.</summary>
    /// <exception cref="JsonException">It is no history.</exception>
    public static IReadOnlyList<HistoryLine> Read(string file) =>
        [.. System.IO.File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<HistoryLine>(line, Json)!)];

    /// <summary>The schedule that a history was made with.</summary>
    public static IReadOnlyList<PlannedFault> ScheduleIn(IEnumerable<HistoryLine> lines) =>
        [.. lines.OfType<PlanLine>().Select(x => new PlannedFault(x.Number, x.Kind, x.Target, TimeSpan.FromSeconds(x.At), TimeSpan.FromSeconds(x.Length)))];

    /// <summary>Writes a schedule down.</summary>
    public void Write(IEnumerable<PlannedFault> schedule)
    {
        foreach (var fault in schedule)
            Write(new PlanLine(fault.Number, fault.Kind, fault.Target, fault.At.TotalSeconds, fault.Length.TotalSeconds));
    }
}
