namespace Swiper.Client.Connections;

/// <summary>The delays between attempts to connect: each twice the last up to a limit, half of it random.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan max)
{
    private int _tries;

    public TimeSpan Next()
    {
        var wait = Math.Min(max.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, _tries));
        // The limit applies from here on, and the power stays finite.
        _tries = Math.Min(_tries + 1, 30);
        return TimeSpan.FromMilliseconds(wait * (0.5 + Random.Shared.NextDouble() / 2));
    }

    public void Reset() => _tries = 0;
}
