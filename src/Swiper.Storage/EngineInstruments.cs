using System.Diagnostics.Metrics;
using System.Text.Json;
using Swiper.Storage.Indexes;
using Swiper.Storage.Metrics;
using Swiper.Storage.Records;

namespace Swiper.Storage;

/// <summary>The instruments of what both engines have besides shards.</summary>
internal static class EngineInstruments
{
    public static void ObserveCaches(this Meter meter, PeopleDirectory people)
    {
        meter.CreateObservableCounter<long>(
            "swiper.cache.lookups",
            () =>
            [
                people.Profiles.Hits.With(("cache", "profiles"), ("outcome", "hit")),
                people.Profiles.Misses.With(("cache", "profiles"), ("outcome", "miss")),
            ],
            "{lookup}", "Requests for a profile, answered from memory or not.");
        meter.CreateObservableGauge<int>(
            "swiper.cache.entries",
            () => [people.Profiles.Count.With(("cache", "profiles")), people.Profiles.Absent.With(("cache", "absent"))],
            "{entry}", "Profiles in memory, and uids known not to exist.");
    }

    public static void ObserveFollowUps(this Meter meter, FollowUps followUps)
    {
        meter.CreateObservableGauge(
            "swiper.follow_ups.pending", () => followUps.Pending, "{follow_up}",
            "What is still to be done elsewhere for transactions that were committed, over all shards; counted every 5 s.");
        meter.CreateObservableGauge(
            "swiper.follow_ups.oldest", () => followUps.Oldest.TotalSeconds, "s", "How long the oldest of them has waited at least.");
        meter.CreateObservableCounter(
            "swiper.follow_ups.failed",
            () => followUps.Failures.Select(failures => failures.Value.With(
                ("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName($"{failures.Key}")))),
            "{attempt}", "Tries that failed on this host; each is repeated later.");
    }
}
