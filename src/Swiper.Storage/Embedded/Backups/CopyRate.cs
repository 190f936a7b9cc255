namespace Swiper.Storage.Embedded.Backups;

/// <summary>Bounds bytes a second, so that a backup leaves the disk to those who wait for it.</summary>
/// <param name="bytesASecond">At most so many.</param>
/// <param name="clock">Measures the second.</param>
internal sealed class CopyRate(long bytesASecond, TimeProvider clock)
{
    // Ten pauses a second at least: a burst holds up a commit for no longer than the disk needs for a tenth of a second's bytes.
    private const int BurstsASecond = 10;
    private const int LargestBurst = 1 << 20;
    private const int SmallestBurst = 1 << 16;

    private long _due = clock.GetTimestamp();

    /// <summary>As many bytes as may be moved at once.</summary>
    public int Burst { get; } = (int)Math.Clamp(bytesASecond / BurstsASecond, SmallestBurst, LargestBurst);

    /// <summary>Returns when the bytes that have been moved may be followed by others.</summary>
    public Task SpendAsync(long bytes, CancellationToken cancellation)
    {
        var now = clock.GetTimestamp();
        // Time in which nothing was moved is not saved up.
        _due = Math.Max(_due, now) + (long)((double)bytes / bytesASecond * clock.TimestampFrequency);
        return Task.Delay(clock.GetElapsedTime(now, _due), clock, cancellation);
    }
}
