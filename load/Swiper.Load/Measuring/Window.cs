using System.Diagnostics;

namespace Swiper.Load.Measuring;

/// <summary>
/// When a run warms up and when it is measured, in ticks of <see cref="Stopwatch"/>, which all processes of a machine share.
/// </summary>
internal sealed class Window
{
    private long _end;

    /// <param name="begin">The load begins.</param>
    public Window(long begin, TimeSpan warmUp, TimeSpan length)
    {
        Begin = begin;
        Start = begin + Ticks(warmUp);
        _end = Start + Ticks(length);
    }

    public long Begin { get; }

    /// <summary>From here on it is measured.</summary>
    public long Start { get; }

    public long End => Volatile.Read(ref _end);

    public double MeasuredSeconds => Math.Max(0, Seconds(End - Start));

    /// <summary>What is due at the very start belongs to the warm-up, and what is due at the very end still counts.</summary>
    public bool Contains(long time) => time > Start && time <= End;

    /// <summary>Ends it now, if it has not ended.</summary>
    public void EndEarly()
    {
        var now = Stopwatch.GetTimestamp();
        if (now < End)
            Volatile.Write(ref _end, now);
    }

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    public static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    /// <summary>In whole milliseconds, because timers know no others, and never too little.</summary>
    public static TimeSpan Until(long time) =>
        TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(1000 * Seconds(time - Stopwatch.GetTimestamp())) + 1));
}
