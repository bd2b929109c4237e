using System.Diagnostics;
using Npgsql;
using OrderSample.Bench;
using OrderSample.EndToEnd.Tests.Running;
using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Checking;

/// <summary>Waits until a system that is whole again has done all that it has to do.</summary>
internal sealed class Settling(Ledgers ledgers, MessageLedger messages, Load load, Operator person, BindingsWatch bindings, IReadOnlyList<FaultLine> faults)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly HashSet<string> Unrouting = [.. FaultKinds.All.Where(x => x.Unroutes).Select(x => x.Name)];

    /// <summary>Whether something happened that a person has to do with afterwards.</summary>
    private readonly bool _needsPerson = faults.Any(x => x.Begin is not null && Unrouting.Contains(x.Kind));

    /// <summary>Waits; what has not settled at the deadline is for the rules to find.</summary>
    /// <param name="deadline">How long it has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How long it took; null if it did not settle.</returns>
    public async Task<TimeSpan?> Wait(TimeSpan deadline, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        var said = "";
        do
        {
            var missing = await Missing(cancellationToken);
            if (missing is null)
                return Stopwatch.GetElapsedTime(begin);
            if (missing != said)
                Progress.Say($"waiting: {said = missing}");
        }
        while (Stopwatch.GetElapsedTime(begin) < deadline && await timer.WaitForNextTickAsync(cancellationToken));
        return null;
    }

    /// <returns>What there is still to be done; null for nothing.</returns>
    private async Task<string?> Missing(CancellationToken cancellationToken)
    {
        try
        {
            if (bindings.Missing is { Count: > 0 } missing)
                return $"bindings are missing: {string.Join(", ", missing)}";
            if (_needsPerson && await SendWhatFoundNoQueue(cancellationToken) is > 0 and var sent)
                return $"{sent} messages that had found no queue are sent again";
            if (load.Busy is > 0 and var busy)
                return $"{busy} customers have not got all their answers";
            var moving = await ledgers.Read("orders-db", """SELECT count(*) FROM "OrderStates" WHERE "CurrentState" NOT IN ('Completed', 'Rejected', 'Cancelled')""", row => row.GetInt64(0), cancellationToken);
            if (moving[0] > 0)
                return $"{moving[0]} orders are not final";
            var left = (await ledgers.Outboxes(cancellationToken)).Count(x => !x.IsParked);
            if (left > 0)
                return $"{left} messages are in outboxes";
            var queues = await ledgers.Queues(cancellationToken);
            if (queues.Count > 0)
                return $"queues hold messages: {string.Join(", ", queues.Select(x => $"{x.Key} {x.Value}"))}";
            var unaccounted = (await messages.Read(cancellationToken)).Count(x => x.IsUnaccounted);
            return unaccounted > 0 && !faults.Any(x => IsDeleting(x.Kind)) ? $"{unaccounted} messages are not accounted for" : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or NpgsqlException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return exception.Message;
        }
    }

    /// <returns>How many there were.</returns>
    private async Task<int> SendWhatFoundNoQueue(CancellationToken cancellationToken)
    {
        GapLine[] gaps = [.. bindings.Gaps, .. faults.Where(x => Unrouting.Contains(x.Kind)).SelectMany(BindingsWatch.LeastOf)];
        var letters = (await ledgers.DeadLetters(cancellationToken)).Where(x => Unbound.Was(x, gaps)).ToList();
        foreach (var letter in letters)
            await person.Replay(letter.Id, cancellationToken);
        var parked = (await ledgers.Outboxes(cancellationToken)).Where(x => Unbound.Was(x, gaps)).ToList();
        foreach (var message in parked)
            await person.SendAgain(message, cancellationToken);
        return letters.Count + parked.Count;
    }

    private static bool IsDeleting(string kind) => FaultKinds.All.Any(x => x.Name == kind && x.DeletesMessages);
}
