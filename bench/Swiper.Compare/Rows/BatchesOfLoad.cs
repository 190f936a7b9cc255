using Swiper.Compare.Batches;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Rows;

/// <summary>The host's batch sizes under a load.</summary>
internal static class BatchesOfLoad
{
    public static IReadOnlyList<BatchDistribution> Take(SwiperHost swiper, string name, Action load)
    {
        using var counters = new BatchCounters(swiper.ProcessId);
        var before = counters.Read();
        load();
        return BatchDistribution.Between(name, before, counters.Read());
    }
}
