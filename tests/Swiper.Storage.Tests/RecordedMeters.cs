using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Swiper.Storage.Tests;

/// <summary>The meters of an engine under test, and what their instruments say.</summary>
internal sealed class RecordedMeters : IMeterFactory
{
    private readonly ConcurrentBag<Meter> _meters = [];
    private readonly ConcurrentQueue<(string Series, double Value)> _recorded = new();
    private readonly MeterListener _listener = new();

    public RecordedMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>What was recorded, as `instrument{name=value,...}`: of gauges and counters that are observed, now.</summary>
    public ILookup<string, double> Read()
    {
        _listener.RecordObservableInstruments();
        return _recorded.ToLookup(measurement => measurement.Series, measurement => measurement.Value);
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters)
            meter.Dispose();
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var attributes = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        _recorded.Enqueue(($"{instrument.Name}{{{attributes}}}", value));
    }
}
