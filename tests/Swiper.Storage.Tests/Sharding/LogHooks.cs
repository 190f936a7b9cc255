using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

/// <summary>Writes down what happens around each batch.</summary>
internal sealed class LogHooks(Log log) : LaneHooks<Log>
{
    public override void BatchStarting(ReadOnlySpan<LaneOperation<Log>> batch) => log.Events.Add($"starting {batch.Length}");

    public override void BatchCommitted(ReadOnlySpan<LaneOperation<Log>> batch)
    {
        log.Events.Add($"committed {batch.Length}");
        if (log.PublishingThrows)
            throw new InvalidOperationException("an index");
    }

    public override void BatchReleased() => log.Events.Add("released");

    public override void BatchFailed(ReadOnlySpan<LaneOperation<Log>> batch, Exception exception) =>
        log.Events.Add($"failed {batch.Length}");

    public override void Faulted(Exception exception)
    {
        log.Events.Add("faulted");
        log.Faults.Add(exception);
    }
}
