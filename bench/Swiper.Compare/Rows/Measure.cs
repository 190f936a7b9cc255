namespace Swiper.Compare.Rows;

/// <summary>The length of one reading: a warm-up, then the measured part.</summary>
internal readonly record struct Pace(TimeSpan WarmUp, TimeSpan Window);

/// <summary>Something measured once per round; several rows may use it.</summary>
internal sealed class Measure(string name, Func<Pace, Reading> take)
{
    private readonly List<Reading> _readings = [];

    public string Name { get; } = name;

    /// <summary>One reading per round, in order.</summary>
    public IReadOnlyList<Reading> Readings => _readings;

    /// <summary>Why there are no readings; null if there are.</summary>
    public string? Trouble { get; private set; }

    /// <summary>True if the machine lacks something it needs, which is not a failure.</summary>
    public bool IsMissing { get; private set; }

    /// <summary>Takes one reading; does nothing after the first failure.</summary>
    /// <param name="isKept">False for the warm-up round.</param>
    public void Take(Pace pace, bool isKept)
    {
        if (Trouble is not null)
            return;
        try
        {
            var reading = take(pace);
            if (!isKept)
                return;
            _readings.Add(reading.Value > 0
                ? reading
                : throw new InvalidOperationException("no replies within a reading; use longer readings"));
        }
        // A measure that can't run must not cost the others their figures; the run's exit code reports it.
        catch (Exception e)
        {
            Trouble = e.Message;
            IsMissing = e is Peers.PeerMissingException;
        }
    }
}
