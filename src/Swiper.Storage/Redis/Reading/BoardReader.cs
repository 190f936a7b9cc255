using System.Globalization;
using StackExchange.Redis;
using Swiper.Core.Ranking;

namespace Swiper.Storage.Redis.Reading;

/// <summary>
/// Reads boards, exactly over all 64 groups or not at all: each server merges its groups, and the answers are merged here.
/// </summary>
internal sealed class BoardReader(IndexReads reads)
{
    private readonly RankReader _ranks = new(reads);
    private readonly JoinedCalls<(BoardPeriod Board, int N), IndexAnswer<IReadOnlyList<BoardStanding>>> _tops =
        new(top => ReadTopAsync(reads, top.Board, top.N));

    /// <inheritdoc cref="IBoardRepository.TopAsync"/>
    /// <remarks>Concurrent calls are joined: each takes Redis some hundred commands, which block all other clients.</remarks>
    public Task<IndexAnswer<IReadOnlyList<BoardStanding>>> TopAsync(BoardPeriod board, int n) => _tops.AskAsync((board, n));
    /// <inheritdoc cref="IBoardRepository.RankOfAsync"/>
    public Task<IndexAnswer<BoardStanding?>> RankOfAsync(BoardPeriod board, long uid) => _ranks.AskAsync(board, uid);

    /// <inheritdoc cref="IBoardRepository.AroundAsync"/>
    public async ValueTask<IndexAnswer<IReadOnlyList<BoardStanding>>> AroundAsync(BoardPeriod board, long uid, int n)
    {
        var found = await AskAsync(board, uid, n).ConfigureAwait(false);
        if (found is null)
            return default;
        if (found.Self is not { } self || n == 0)
            return new([]);

        // The user in the middle, shifted if one side has too few.
        var above = found.Above.OrderDescending().Take(n).ToList();
        var below = found.Below.Order().Take(n).ToList();
        var shownAbove = Math.Min(above.Count, Math.Max(n / 2, n - 1 - below.Count));
        IEnumerable<Entry> shown = [.. above.Take(shownAbove).Reverse(), self, .. below.Take(n - 1 - shownAbove)];
        var first = found.Better + 1 - shownAbove;
        return new([.. shown.Select((entry, index) => entry.Standing(first + index))]);
    }

    /// <summary>
    /// Everybody on one group's part of a board, a piece at a time: from an index on, lowest first. Who moves between two calls may be
    /// passed over, or come twice.
    /// </summary>
    public async ValueTask<IndexAnswer<IReadOnlyList<(long Uid, long Score)>>> PartAsync(BoardPeriod board, int group, int from, int count)
    {
        RedisValue[] arguments = [board.ToString(), group, from, from + count - 1];
        if (await reads.AskAsync(RedisScript.BoardPart, group, arguments).ConfigureAwait(false) is not { } answer)
            return default;
        return new([.. Entries(answer).Select(entry => (entry.Uid, BoardPlace.ScoreOf(entry.Place)))]);
    }

    // The user's own server has the place that the others are asked about.
    private async ValueTask<Neighbours?> AskAsync(BoardPeriod board, long uid, int n)
    {
        // Read the list once, so that all questions go to the same servers even if groups move meanwhile.
        var nodes = reads.Nodes.All;
        var home = nodes.FirstOrDefault(node => (node.Groups & UserGroups.BitOf(uid)) != 0) ?? reads.Nodes.Of(UserGroups.Of(uid));
        var first = await reads.AskAllAsync(RedisScript.BoardAround, home, [board.ToString(), uid, UserGroups.Of(uid), "", n])
            .ConfigureAwait(false);
        if (first is null)
            return null;
        var place = (RedisValue)first[1];
        if (place.IsNullOrEmpty)
            return new Neighbours(null, 0, [], []);

        RedisValue[] arguments = [board.ToString(), uid, "", place, n];
        var others = nodes.Where(node => node != home)
            .Select(node => reads.AskAllAsync(RedisScript.BoardAround, node, arguments).AsTask());
        RedisResult[]?[] answers = [first, .. await Task.WhenAll(others).ConfigureAwait(false)];
        if (Array.Exists(answers, answer => answer is null))
            return null;
        return new Neighbours(
            new Entry(uid, Number(place)), answers.Sum(answer => (long)answer![2]), answers.SelectMany(answer => Entries(answer![3])),
            answers.SelectMany(answer => Entries(answer![4])));
    }

    private static async Task<IndexAnswer<IReadOnlyList<BoardStanding>>> ReadTopAsync(IndexReads reads, BoardPeriod board, int n)
    {
        RedisValue[] arguments = [board.ToString(), n];
        var answers = await Task.WhenAll(reads.Nodes.All.Select(node => reads.AskAllAsync(RedisScript.BoardTop, node, arguments).AsTask()))
            .ConfigureAwait(false);
        if (Array.Exists(answers, answer => answer is null))
            return default;
        var entries = answers.SelectMany(answer => Entries(answer![1])).Order().Take(n);
        return new([.. entries.Select((entry, index) => entry.Standing(index + 1))]);
    }

    private static IEnumerable<Entry> Entries(RedisResult answer)
    {
        var values = ((RedisValue[]?)answer)!;
        for (var index = 0; index < values.Length; index += 2)
            yield return new Entry((long)values[index], Number(values[index + 1]));
    }

    private static double Number(RedisValue text) => double.Parse(((string?)text)!, CultureInfo.InvariantCulture);

    private sealed record Neighbours(Entry? Self, long Better, IEnumerable<Entry> Above, IEnumerable<Entry> Below);

    /// <summary>Orders a higher place first.</summary>
    private readonly record struct Entry(long Uid, double Place) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Place != other.Place ? other.Place.CompareTo(Place) : Uid.CompareTo(other.Uid);

        public BoardStanding Standing(long rank) => new(rank, Uid, BoardPlace.ScoreOf(Place));
    }
}
