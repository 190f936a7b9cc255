using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Swiper.Host.Tests.Web;

/// <summary>The instruments of one host, as whoever listens in its process has them.</summary>
internal sealed class HostMetrics : IDisposable
{
    private readonly Dictionary<string, double> _counted = [];
    private readonly Dictionary<string, List<double>> _recorded = [];
    private readonly Dictionary<string, double> _observed = [];
    private readonly MeterListener _listener = new();

    public HostMetrics(TestHost host)
    {
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>A value by its instrument and attributes, as in "swiper.requests op=echo code=0"; 0 where there is none.</summary>
    public double this[string name]
    {
        get
        {
            lock (_observed)
            {
                _observed.Clear();
                _listener.RecordObservableInstruments();
                return _observed.GetValueOrDefault(name, _counted.GetValueOrDefault(name));
            }
        }
    }

    /// <summary>The sum of all values of an instrument.</summary>
    public double Sum(string instrument)
    {
        lock (_observed)
        {
            _observed.Clear();
            _listener.RecordObservableInstruments();
            return _observed.Concat(_counted).Where(value => value.Key.Split(' ')[0] == instrument).Sum(static value => value.Value);
        }
    }

    /// <summary>What a histogram recorded, by its instrument and attributes.</summary>
    public double[] Recorded(string name)
    {
        lock (_observed)
            return [.. _recorded.GetValueOrDefault(name, [])];
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (tag, of) in tags)
            name += $" {tag}={of}";
        lock (_observed)
        {
            if (instrument.IsObservable)
                _observed[name] = value;
            else if (instrument is Histogram<double>)
                (_recorded.TryGetValue(name, out var list) ? list : _recorded[name] = []).Add(value);
            else
                _counted[name] = _counted.GetValueOrDefault(name) + value;
        }
    }
}
