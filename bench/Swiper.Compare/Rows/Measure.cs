namespace Swiper.Compare.Rows;

/// <summary>Something that is measured once a round; several rows may compare it.</summary>
internal sealed class Measure(string name, Func<Pace, Reading> take)
{
    private readonly List<Reading> _readings = [];

    public string Name { get; } = name;

    /// <summary>One a round, in the order of the rounds.</summary>
    public IReadOnlyList<Reading> Readings => _readings;

    /// <summary>Why there are no readings; null while all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>True when the machine lacks what it takes, which is nobody's failure.</summary>
    public bool IsMissing { get; private set; }

    /// <summary>Takes one reading; after the first failure it does nothing more.</summary>
    /// <param name="isKept">False for the round that only warms up.</param>
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
                : throw new InvalidOperationException("nothing was answered within a whole reading: take longer ones"));
        }
        // One measure that can't run must not cost the others their figures; the run's exit code tells of it.
        catch (Exception e)
        {
            Trouble = e.Message;
            IsMissing = e is Peers.PeerMissingException;
        }
    }
}
