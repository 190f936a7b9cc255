using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>What the truth says of one user's swipes, in both directions: all that the index is made of.</summary>
internal sealed class UserSwipes(long uid)
{
    private readonly List<long> _swiped = [];
    private readonly List<IndexedLiker> _likers = [];
    private readonly Dictionary<BoardPeriod, (long Score, long Reached)> _scores = [];

    public long Uid { get; } = uid;

    public IReadOnlyList<long> Swiped => _swiped;

    /// <summary>Who likes the user and has not been swiped by them.</summary>
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

    /// <summary>Somebody has swiped the user.</summary>
    /// <param name="by">Who.</param>
    /// <param name="kind">How.</param>
    /// <param name="at">When.</param>
    /// <param name="boards">Those that count now.</param>
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
