using System.Globalization;
using System.Text;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Confirms.Reporting;

/// <summary>The results as they go into a document.</summary>
internal static class Markdown
{
    public static string Of(Report report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Machine}\n{report.Rounds} rounds of {report.Seconds:0.#} s, {report.StartedAt:yyyy-MM-dd}\n");
        if (report.Publishing is { } publishing)
            Speeds(text, "publishing", "to one by one", publishing);
        if (report.PublishingLosses is { } publishingLosses)
        {
            text.AppendHeader("queue", "publishing", "lost, broker killed", "lost, queue full", "lost, no queue");
            foreach (var loss in publishingLosses)
                text.AppendRow(loss.Queue, loss.Kind, Of(loss.BrokerKilled), Of(loss.QueueFull), Of(loss.NoQueue));
        }

        if (report.Consuming is { } consuming)
            Speeds(text, "consuming", "to prefetch 1", consuming);
        if (report.ConsumingLosses is { } consumingLosses)
        {
            text.AppendHeader("queue", "consuming", "messages", "handled before the kill", "lost", "redelivered", "handled twice");
            foreach (var loss in consumingLosses)
                text.AppendRow(loss.Queue, loss.Kind, loss.Messages, loss.Handled, loss.Lost, loss.Redelivered, loss.Twice);
        }

        return text.ToString();
    }

    private static string Of(Loss loss) => string.Create(CultureInfo.InvariantCulture, $"{loss.Lost:N0} of {loss.Believed:N0}");

    private static void Speeds(StringBuilder text, string what, string ratio, IReadOnlyList<Speed> speeds)
    {
        text.AppendHeader("queue", what, "messages/s", ratio, "rounds");
        foreach (var speed in speeds)
        {
            text.AppendRow(speed.Queue, speed.Kind, string.Create(CultureInfo.InvariantCulture, $"{speed.PerSecond:N0}"),
                string.Create(CultureInfo.InvariantCulture, $"× {speed.Ratio:0.0}"),
                string.Join("; ", speed.Rounds.Select(x => x.ToString("N0", CultureInfo.InvariantCulture))));
        }
    }
}
