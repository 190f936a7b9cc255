using System.Diagnostics.Metrics;
using Swiper.Core.Dispatch;

namespace Swiper.Bench.Hosting;

/// <summary>What a host counts of its requests, with somebody who reads it, as in production.</summary>
internal sealed class CountedTraffic : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    public CountedTraffic(OpcodeTable table)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        _listener.Start();
        Traffic = new Traffic(table, this, TimeProvider.System);
    }

    public Traffic Traffic { get; }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        Traffic.Dispose();
        _listener.Dispose();
        _meters.ForEach(static meter => meter.Dispose());
    }
}
