using System.Diagnostics;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Sharding;

/// <summary>
/// The spans of a lane's batch: of each sampled operation how long it waited for the batch and how long the commit took, and of the batch
/// one that all of them are linked with.
/// </summary>
internal static class BatchSpans
{
    /// <param name="lane">The lane's name.</param>
    /// <param name="batch">Its operations, none of which has completed.</param>
    /// <param name="times">When it began, and when it was durable or had failed.</param>
    /// <param name="failed">Whether it failed.</param>
    public static void Add<TWriter>(string lane, ReadOnlySpan<LaneOperation<TWriter>> batch, in BatchTimes times, bool failed)
    {
        if (!Spans.AreOn)
            return;
        List<ActivityLink>? sampled = null;
        foreach (var operation in batch)
        {
            if (operation.Span is { } span)
                (sampled ??= []).Add(new ActivityLink(span.Context));
        }
        if (sampled is null)
            return;

        var shared = Spans.AddRoot(
            "batch", times.Began, times.Ended, failed, sampled, [new("swiper.lane", lane), new("swiper.batch.size", batch.Length)]);
        IEnumerable<ActivityLink>? links = shared is null ? null : [new ActivityLink(shared.Context)];
        foreach (var operation in batch)
        {
            if (operation.Span is not { } span)
                continue;
            Spans.Add(span, "lane", operation.QueuedAt, times.Began);
            Spans.Add(span, "commit", times.Began, times.Ended, failed, links);
        }
    }
}
