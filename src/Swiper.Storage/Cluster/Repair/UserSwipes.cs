using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>One user's swipes in both directions, from the truth: all that the index is made of.</summary>
internal sealed class UserSwipes(long uid)
{
    private readonly List<long> _swiped = [];
    private readonly List<IndexedLiker> _likers = [];
    private readonly Dictionary<BoardPeriod, (long Score, long Reached)> _scores = [];

    public long Uid { get; } = uid;

    public IReadOnlyList<long> Swiped => _swiped;

    /// <summary>Those who like the user and whom the user has not swiped.</summary>
    public IEnumerable<IndexedLiker> Likers
    {
        get
        {
            var swiped = _swiped.ToHashSet();
            return _likers.Where(liker => !swiped.Contains(liker.Uid));
        }
    }

    public IEnumerable<MendedScore> Scores => _scores.Select(score => new MendedScore(score.Key, score.Value.Score, score.Value.Reached));

    public void AddSwiped(long sid) => _swiped.Add(sid);

    /// <summary>Adds a swipe that the user received.</summary>
    /// <param name="by">The swiper.</param>
    /// <param name="kind">How.</param>
    /// <param name="at">When.</param>
    /// <param name="boards">The current boards.</param>
    public void AddSwipedBy(long by, SwipeKind kind, long at, ReadOnlySpan<BoardPeriod> boards)
    {
        if (kind != SwipeKind.Dislike)
            _likers.Add(new IndexedLiker(by, kind, at));
        foreach (var board in boards)
        {
            if (BoardPeriod.Of(board.Name, at) != board)
                continue;
            var (score, reached) = _scores.GetValueOrDefault(board);
            _scores[board] = (score + Points.For(kind), Math.Max(reached, at));
        }
    }

    public MendedUser ToMended() => new(Uid, _swiped.ToArray(), Likers.ToArray(), Scores.ToArray());
}
