using System.Diagnostics;

namespace Swiper.Tools.Demo;

/// <summary>The time that all robots share.</summary>
internal sealed class Evening(TimeSpan length, CancellationToken cancellation)
{
    // The last tenth is left for the last decks.
    private const double AllMetAt = 0.9;

    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Length => length;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public bool IsOver => Elapsed >= length || cancellation.IsCancellationRequested;

    /// <summary>Whether who has met that share of the people is ahead of the time.</summary>
    public bool IsEarlyFor(double share) => share * AllMetAt * length > Elapsed;
}
