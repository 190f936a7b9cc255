namespace Swiper.Core.Dispatch;

/// <summary>
/// Chooses which requests are timed: all of them while they are few, and otherwise every n-th in the mean, at random distances, so that no
/// pattern of arrival is preferred. So however many there are, a second records some hundreds.
/// </summary>
/// <remarks>
/// One opcode's on one processor. Threads that take turns there may disturb each other's count once n is above 1, which only moves a
/// sample.
/// </remarks>
internal struct SamplePace
{
    /// <summary>As many samples in a second double the distance.</summary>
    public const int Many = 256;

    // One less than the distance, so that the default takes all.
    private int _skipped;
    private int _left;
    private int _taken;

    /// <summary>How many of the next requests are to be timed.</summary>
    public int Take(int requests)
    {
        var samples = requests;
        if (_skipped > 0)
        {
            samples = 0;
            for (_left -= requests; _left <= 0; _left += Random.Shared.Next(1, 2 * (_skipped + 1)))
                samples++;
        }
        if (samples == 0 || (_taken += samples) <= Many)
            return samples;
        _skipped = (2 * _skipped) + 1;
        _taken = 0;
        return samples;
    }

    /// <summary>Once a second: halves the distance.</summary>
    public void Relax()
    {
        _taken = 0;
        _skipped /= 2;
        _left = Math.Min(_left, _skipped + 1);
    }
}
