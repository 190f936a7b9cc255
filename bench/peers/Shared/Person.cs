namespace Swiper.Peers;

/// <summary>A person in the <see cref="Town"/>: whom they have swiped, who likes them, and their score.</summary>
internal sealed class Person(long uid, int score)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, (int Kind, bool Matched)> _swiped = [];
    private readonly HashSet<long> _likers = [];
    private int _score = score;

    public long Uid { get; } = uid;

    public string Nickname { get; } = $"Robot {uid % 10_000}";

    public string Avatar { get; } = $"https://robots.example/{uid % 1000}.jpg";

    public int Score => Volatile.Read(ref _score);

    /// <summary>Records a swipe; an earlier swipe of the pair, of whatever kind, is kept and its outcome returned.</summary>
    public SwipeOutcome? Note(long sid, int kind)
    {
        lock (_gate)
            return _swiped.TryAdd(sid, (kind, false)) ? null : new(_swiped[sid].Matched, Repeated: true);
    }

    public void NoteMatch(long sid)
    {
        lock (_gate)
            _swiped[sid] = _swiped[sid] with { Matched = true };
    }

    public void AddLiker(long uid)
    {
        lock (_gate)
            _likers.Add(uid);
    }

    public bool IsLikedBy(long uid)
    {
        lock (_gate)
            return _likers.Contains(uid);
    }

    public void AddPoints(int points) => Interlocked.Add(ref _score, points);
}
