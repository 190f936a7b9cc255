namespace Swiper.Storage.Tests.Cluster;

/// <summary>A clock that goes as the real one does, and is wrong.</summary>
internal sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
