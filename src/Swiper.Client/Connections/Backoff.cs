namespace Swiper.Client.Connections;

/// <summary>The waits between tries to connect: each twice the last up to a limit, half of it random.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan max)
{
    private int _tries;

    public TimeSpan Next()
    {
        var wait = Math.Min(max.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, _tries));
        // From here on it is the limit anyway, and the power stays finite.
        _tries = Math.Min(_tries + 1, 30);
        return TimeSpan.FromMilliseconds(wait * (0.5 + Random.Shared.NextDouble() / 2));
    }

    public void Reset() => _tries = 0;
}
