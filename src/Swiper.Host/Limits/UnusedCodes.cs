namespace Swiper.Host.Limits;

/// <summary>
/// The messages of each address that nobody has logged in with: a token bucket an address, of which only the time is kept at which it will
/// be full (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm). Unlike the stock limiters it can be given back to.
/// </summary>
/// <param name="most">Of one address, all of which may come at once.</param>
/// <param name="each">One more may come after this time.</param>
/// <param name="clock">The clock.</param>
internal sealed class UnusedCodes(int most, TimeSpan each, TimeProvider clock)
{
    private const int FirstSweep = 1024;

    private readonly long _start = clock.GetTimestamp();
    private readonly Dictionary<string, TimeSpan> _fullAt = new(StringComparer.Ordinal);
    private int _sweepAt = FirstSweep;

    /// <summary>Takes some of an address, unless it has fewer.</summary>
    /// <param name="address">The address.</param>
    /// <param name="count">How many, or 0 to ask whether there is one.</param>
    /// <param name="retryAfter">Where there are none: how long to wait.</param>
    public bool TryTake(string address, int count, out TimeSpan retryAfter)
    {
        lock (_fullAt)
        {
            var now = clock.GetElapsedTime(_start);
            var fullAt = _fullAt.GetValueOrDefault(address);
            if (fullAt < now)
                fullAt = now;
            retryAfter = fullAt + (each * Math.Max(1, count)) - now - (each * most);
            if (retryAfter > TimeSpan.Zero)
                return false;
            retryAfter = default;
            if (count == 0)
                return true;
            _fullAt[address] = fullAt + (each * count);
            if (_fullAt.Count >= _sweepAt)
                Sweep(now);
            return true;
        }
    }

    /// <summary>An address may have some more.</summary>
    public void GiveBack(string address, int count)
    {
        lock (_fullAt)
        {
            if (_fullAt.TryGetValue(address, out var fullAt))
                _fullAt[address] = fullAt - (each * count);
        }
    }

    // Those that are full again are as if they had never been. Done once there are twice as many, it costs each next to nothing.
    private void Sweep(TimeSpan now)
    {
        foreach (var (address, fullAt) in _fullAt)
        {
            if (fullAt <= now)
                _fullAt.Remove(address);
        }
        _sweepAt = Math.Max(FirstSweep, 2 * _fullAt.Count);
    }
}
