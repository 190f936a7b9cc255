using System.Diagnostics.Metrics;
using Swiper.Storage.Metrics;

namespace Swiper.Storage.Embedded;

/// <summary>The instruments of the embedded engine. They read what it keeps anyway.</summary>
/// <param name="meter">Of the engine.</param>
/// <param name="engine">A started one.</param>
internal sealed class EmbeddedInstruments(Meter meter, EmbeddedEngine engine)
{
    public void Observe()
    {
        meter.ObserveCaches(engine.Directory);
        meter.ObserveFollowUps(engine.Records.FollowUps);
        meter.CreateObservableGauge(
            "swiper.lane.depth",
            () => engine.Shards.Select(shard => shard.Lane.Unfinished.With(("shard", shard.Number), ("lane", "write"))),
            "{operation}", "Operations that wait for a lane or are at work in it.");
        meter.CreateObservableGauge(
            "swiper.shard.up",
            () => engine.Shards.Select(shard => (shard is { Failure: null, IsHung: false }).AsNumber().With(("shard", shard.Number))),
            null, "Whether the shard's last write was taken, and none hangs.");
        meter.CreateObservableGauge(
            "swiper.disk.free",
            () => engine.FreeBytes is { } free ? [free.With()] : Enumerable.Empty<Measurement<long>>(),
            "By", "Free bytes where the data folder is.");
    }
}
