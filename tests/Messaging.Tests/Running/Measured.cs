using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OrderSample.Messaging.Tests.Running;

/// <summary>This system's own metrics. One service at a time: another one's values would be taken for its.</summary>
internal sealed class Measured : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _values = new();
    private readonly HashSet<string> _gauges = [];
    private readonly MeterListener _listener = new();

    public Measured()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.Meter.Name.StartsWith("OrderSample.", StringComparison.Ordinal))
                return;
            if (instrument.IsObservable)
                _gauges.Add(instrument.Name);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Take(instrument, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Take(instrument, value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Take(instrument, value));
        _listener.Start();
    }

    /// <summary>A counter's sum, or a gauge's value; NaN when there is none.</summary>
    public double Now(string name)
    {
        foreach (var gauge in _gauges)
            _values.TryRemove(gauge, out _);
        _listener.RecordObservableInstruments();
        return _values.GetValueOrDefault(name, double.NaN);
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value) =>
        _values.AddOrUpdate(instrument.Name, value, (_, known) => instrument.IsObservable ? value : known + value);
}
