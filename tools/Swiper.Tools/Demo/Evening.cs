using System.Diagnostics;

namespace Swiper.Tools.Demo;

/// <summary>The clock shared by all robots.</summary>
internal sealed class Evening(TimeSpan length, CancellationToken cancellation)
{
    // The last tenth is reserved for the last decks.
    private const double AllMetAt = 0.9;

    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Length => length;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public bool IsOver => Elapsed >= length || cancellation.IsCancellationRequested;

    /// <summary>Whether a robot that has met this share of the people is ahead of schedule.</summary>
    public bool IsEarlyFor(double share) => share * AllMetAt * length > Elapsed;
}
