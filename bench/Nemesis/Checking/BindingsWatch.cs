using System.Text.Json;
using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Checking;

/// <summary>
/// Watches the bindings that messages come by, from the beginning of a run to its end. Who deletes a queue, an exchange or a binding while the
/// service that makes it anew is down, loses its way for as long; and only the broker knows how long that is.
/// </summary>
internal sealed class BindingsWatch(Victim victim, History history) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A queue or an exchange that is gone has none either.</summary>
    private static IReadOnlyList<string> Expected { get; } = [.. DeleteBinding.Kind.Targets(new SystemShape(1))];

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<GapLine> _closed = [];
    private readonly Dictionary<string, DateTimeOffset> _missing = [];
    private DateTimeOffset _lastLook;
    private Task _watching = Task.CompletedTask;

    /// <summary>What a deletion leaves a gap in, for as long as it surely lasts: it may be over between two looks.</summary>
    public static IEnumerable<GapLine> LeastOf(FaultLine deletion) => deletion.Begin is not { } begin ? [] : Expected
        .Where(binding => binding == deletion.Target || binding.Split(' ').Contains(deletion.Target)).Select(binding => new GapLine(binding, begin - Interval, begin + (2 * Interval)));

    /// <summary>The gaps that were seen so far.</summary>
    public IReadOnlyList<GapLine> Gaps
    {
        get
        {
            lock (_lock)
                return [.. _closed, .. _missing.Select(x => new GapLine(x.Key, x.Value))];
        }
    }

    /// <summary>What is missing now.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            lock (_lock)
                return [.. _missing.Keys];
        }
    }

    /// <summary>Begins to watch.</summary>
    /// <exception cref="InvalidOperationException">Not all bindings are there to begin with.</exception>
    public async Task Begin(CancellationToken cancellationToken)
    {
        await Look(cancellationToken);
        if (Missing.Count > 0)
            throw new InvalidOperationException($"These bindings were missing before anything was broken: {string.Join(", ", Missing)}.");
        _watching = Watch();
    }

    /// <summary>Looks once more, and writes down what is still missing.</summary>
    /// <exception cref="InvalidOperationException">The broker does not answer, so nobody knows.</exception>
    public async Task End(CancellationToken cancellationToken)
    {
        try
        {
            await Look(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"Which bindings there are at the end is not known: {exception.Message}", exception);
        }

        foreach (var gap in Gaps.Where(x => x.To is null))
            history.Write(gap);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            try
            {
                await Look(_stop.Token);
            }
            catch (Exception) when (!_stop.IsCancellationRequested)
            {
                // The broker is down, in whatever way. What it had, it still has; the last look has to succeed.
            }
        }
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        var asked = DateTimeOffset.UtcNow;
        var answer = await victim.Ask(HttpMethod.Get, "bindings/%2F?columns=source,destination,destination_type", null, cancellationToken)
            ?? throw new HttpRequestException("The broker knows no bindings.");
        var present = answer.EnumerateArray().Select(x => $"{Text(x, "source")} to {Text(x, "destination_type")} {Text(x, "destination")}").ToHashSet();
        lock (_lock)
        {
            foreach (var binding in Expected)
            {
                // It went at some time since the last look.
                if (!present.Contains(binding))
                    _missing.TryAdd(binding, _lastLook == default ? asked : _lastLook);
                else if (_missing.Remove(binding, out var from))
                    _closed.Add(Told(new GapLine(binding, from, DateTimeOffset.UtcNow)));
            }

            _lastLook = asked;
        }
    }

    private GapLine Told(GapLine gap)
    {
        history.Write(gap);
        return gap;
    }

    private static string? Text(JsonElement binding, string name) => binding.GetProperty(name).GetString();
}
