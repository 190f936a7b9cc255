namespace Swiper.Storage.Redis;

/// <summary>
/// How long something that asks Redis has had no answer. After <see cref="RedisOptions.ReplaceAfter"/> it has the client replaced, and as
/// long as that does not help again after twice as long, a minute at most: a server that is down for hours is not to be flooded with
/// connections. For one caller at a time.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="what">What has no answer, for the log.</param>
/// <param name="replaceAfter">The first patience.</param>
/// <param name="time">Measures it.</param>
internal sealed class RedisSilence(RedisClient client, string what, TimeSpan replaceAfter, TimeProvider time)
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(1);

    private TimeSpan? _patience;
    private long? _began;

    /// <summary>Since the first answer that did not come.</summary>
    public TimeSpan Length => _began is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero;

    /// <summary>There was an answer.</summary>
    public void End()
    {
        _began = null;
        _patience = null;
    }

    /// <summary>There was none again.</summary>
    public Task GoOnAsync()
    {
        _began ??= time.GetTimestamp();
        var link = client.Current;
        var patience = _patience ?? replaceAfter;
        // Somebody else may have replaced it a moment ago.
        if (Length < patience || time.GetElapsedTime(link.Since) < patience)
            return Task.CompletedTask;
        _patience = patience * 2 < LongestPatience ? patience * 2 : LongestPatience;
        return client.ReplaceAsync(link, what, Length);
    }
}
