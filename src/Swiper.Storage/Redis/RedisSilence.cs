namespace Swiper.Storage.Redis;

/// <summary>
/// Tracks how long a caller of Redis has had no answer. After <see cref="RedisOptions.ReplaceAfter"/> it has the client replaced, and
/// while that does not help, again after twice as long each time, at most a minute: a server that is down for hours must not be flooded
/// with connections. Not thread-safe.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="what">What gets no answer, for the log.</param>
/// <param name="replaceAfter">The time before the first replacement.</param>
/// <param name="time">Measures the time.</param>
internal sealed class RedisSilence(RedisClient client, string what, TimeSpan replaceAfter, TimeProvider time)
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(1);

    private TimeSpan? _patience;
    private long? _began;

    /// <summary>The time since the first missing answer.</summary>
    public TimeSpan Length => _began is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero;

    /// <summary>Call after an answer.</summary>
    public void End()
    {
        _began = null;
        _patience = null;
    }

    /// <summary>Call after each missing answer.</summary>
    public Task GoOnAsync()
    {
        _began ??= time.GetTimestamp();
        var link = client.Current;
        var patience = _patience ?? replaceAfter;
        // Another caller may have replaced it a moment ago.
        if (Length < patience || time.GetElapsedTime(link.Since) < patience)
            return Task.CompletedTask;
        _patience = patience * 2 < LongestPatience ? patience * 2 : LongestPatience;
        return client.ReplaceAsync(link, what, Length);
    }
}
