using System.Diagnostics;

namespace Swiper.Load.Measuring;

/// <summary>
/// The warm-up and measured part of a run, in <see cref="Stopwatch"/> ticks, which all processes of a machine share.
/// </summary>
internal sealed class Window
{
    private long _end;

    /// <param name="begin">Start of the load.</param>
    public Window(long begin, TimeSpan warmUp, TimeSpan length)
    {
        Begin = begin;
        Start = begin + Ticks(warmUp);
        _end = Start + Ticks(length);
    }

    public long Begin { get; }

    /// <summary>Start of the measured part.</summary>
    public long Start { get; }

    public long End => Volatile.Read(ref _end);

    public double MeasuredSeconds => Math.Max(0, Seconds(End - Start));

    /// <summary>The measured part excludes its first tick and includes its last.</summary>
    public bool Contains(long time) => time > Start && time <= End;

    /// <summary>Ends the window now, unless it has already ended.</summary>
    public void EndEarly()
    {
        var now = Stopwatch.GetTimestamp();
        if (now < End)
            Volatile.Write(ref _end, now);
    }

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    public static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    /// <summary>Rounded up to whole milliseconds, the resolution of timers.</summary>
    public static TimeSpan Until(long time) =>
        TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(1000 * Seconds(time - Stopwatch.GetTimestamp())) + 1));
}
