using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.WatchingDeadLetters;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class Open_dead_letters_measured
{
    [Fact]
    public void Each_group_is_a_series_of_its_own_and_a_gap_says_that_nobody_knows()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<DeadLetterMetrics>().BuildServiceProvider();
        var metrics = services.GetRequiredService<DeadLetterMetrics>();
        var measured = new List<(int Count, string Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == DeadLetterMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, services.GetRequiredService<IMeterFactory>()))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, count, tags, _) => measured.Add((count, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        listener.Start();

        metrics.Open = [new(DeadLetterCause.Failed, "stock", "Sold", "TimeoutException", 3), new(DeadLetterCause.Unrouted, "Shop:Sold", "Sold", null, 1)];
        listener.RecordObservableInstruments();

        Assert.Equal(
            [
                (3, "cause=Failed endpoint=stock message_type=Sold exception_type=TimeoutException"),
                (1, "cause=Unrouted endpoint=Shop:Sold message_type=Sold exception_type="),
            ],
            measured);

        measured.Clear();
        metrics.Open = [];
        listener.RecordObservableInstruments();
        Assert.Equal([(0, "")], measured);

        // Nobody knows.
        measured.Clear();
        metrics.Open = null;
        listener.RecordObservableInstruments();
        Assert.Empty(measured);
    }
}
