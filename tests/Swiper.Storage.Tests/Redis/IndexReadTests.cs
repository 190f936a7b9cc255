using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Reading;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Tests.Redis;

public sealed class IndexReadsOfOneRedisTests(OneRedis redis) : IndexReadTests(redis), IClassFixture<OneRedis>;

public sealed class IndexReadsOfARedisClusterTests(RedisClusterOfThree redis) : IndexReadTests(redis), IClassFixture<RedisClusterOfThree>;

/// <summary>Decks, likers and boards as the index tells them are those of the truth.</summary>
public abstract class IndexReadTests : IDisposable
{
    private const long Noon = 12 * 3_600_000;

    private readonly SwipeIndex _index;
    private readonly UserReader _users;
    private readonly BoardReader _boards;

    protected IndexReadTests(RedisDeployment redis)
    {
        redis.Empty();
        _index = new SwipeIndex(PatientRedis.Options(redis.Configuration) with { ReportPeriod = TimeSpan.Zero }, SwipeTruth.Clock);
        var reads = new IndexReads(_index);
        (_users, _boards) = (new UserReader(reads), new BoardReader(reads));
        Eventually.Holds(() => _index.IsReachable, "being reachable");
    }

    public void Dispose()
    {
        _index.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(1, 40, 300, 1)]
    [InlineData(2, 500, 2_000, 10)]
    [InlineData(3, 2_000, 6_000, 40_000)]
    public async Task Boards_are_those_of_the_truth_ties_and_negative_scores_included(int seed, int people, int swipes, int times)
    {
        var truth = new SwipeTruth(people, seed);
        await Rebuild.AllAsync(_index, truth);
        var random = new Random(seed);
        await ApplyAsync([.. RandomPairs(truth, swipes, random).Select(pair =>
            new IndexedSwipe(pair.Uid, pair.Sid, (SwipeKind)random.Next(1, 4), SwipeTruth.Midnight + random.Next(times) - times / 2))],
                truth);

        foreach (var board in (BoardPeriod[])
            [BoardPeriod.Of(BoardName.All, 0), BoardPeriod.Of(BoardName.Day, SwipeTruth.Midnight),
                BoardPeriod.Of(BoardName.Day, SwipeTruth.Midnight - 1),
            BoardPeriod.Of(BoardName.Week, SwipeTruth.Midnight), BoardPeriod.Of(BoardName.Week, SwipeTruth.Midnight - 1)])
        {
            var model = Model(truth, board);
            foreach (var n in (int[])[1, 10, 50, people + 5])
                Assert.Equal(model.Take(n), Known(await _boards.TopAsync(board, n)));
            foreach (var uid in random.GetItems(truth.People.ToArray(), 40))
            {
                var place = model.FindIndex(standing => standing.Uid == uid);
                Assert.Equal(place < 0 ? null : model[place], Known(await _boards.RankOfAsync(board, uid)));
                var n = random.Next(1, 30);
                var first = Math.Max(0, Math.Min(place - n / 2, model.Count - n));
                Assert.Equal(place < 0 ? [] : model.Skip(first).Take(n), Known(await _boards.AroundAsync(board, uid, n)));
            }
        }
    }

    [Fact]
    public async Task Ranks_that_many_ask_for_at_once_are_those_of_the_truth_each_on_its_board()
    {
        var truth = new SwipeTruth(400, seed: 7);
        await Rebuild.AllAsync(_index, truth);
        var random = new Random(7);
        // Few times, so that many stand on one place.
        await ApplyAsync([.. RandomPairs(truth, 3_000, random).Select(pair =>
            new IndexedSwipe(pair.Uid, pair.Sid, (SwipeKind)random.Next(1, 4), SwipeTruth.Midnight + random.Next(8) - 4))], truth);
        BoardPeriod[] boards = [BoardPeriod.Of(BoardName.All, 0), BoardPeriod.Of(BoardName.Day, SwipeTruth.Midnight),
            BoardPeriod.Of(BoardName.Day, SwipeTruth.Midnight - 1)];
        var models = boards.ToDictionary(board => board, board => Model(truth, board).ToDictionary(standing => standing.Uid));

        var asked = truth.People.ToArray().SelectMany(uid => boards.Select(board => (Board: board, Uid: uid))).ToArray();
        random.Shuffle(asked);
        var answers = await Task.WhenAll(asked.Select(question => _boards.RankOfAsync(question.Board, question.Uid)));

        foreach (var (question, answer) in asked.Zip(answers))
            Assert.Equal(models[question.Board].TryGetValue(question.Uid, out var standing) ? standing : null, Known(answer));
    }

    [Fact]
    public async Task An_empty_board_and_a_score_of_zero_have_no_ranks()
    {
        var truth = new SwipeTruth(20);
        await Rebuild.AllAsync(_index, truth);
        var all = BoardPeriod.Of(BoardName.All, 0);
        Assert.Empty(Known(await _boards.TopAsync(all, 50)));
        Assert.Null(Known(await _boards.RankOfAsync(all, truth.People[0])));
        var (sid, uid, other) = (truth.People[0], truth.People[1], truth.People[2]);
        await ApplyAsync(
            [new(uid, sid, SwipeKind.Like, SwipeTruth.Midnight), new(other, sid, SwipeKind.Dislike, SwipeTruth.Midnight + 1)], truth);
        Assert.Empty(Known(await _boards.TopAsync(all, 50)));
        Assert.Null(Known(await _boards.RankOfAsync(all, sid)));
        Assert.Empty(Known(await _boards.AroundAsync(all, sid, 5)));
    }

    [Fact]
    public async Task As_much_as_may_wait_to_be_ranked_is_ranked_for_the_first_who_asks()
    {
        var truth = new SwipeTruth(6_400);
        await Rebuild.AllAsync(_index, truth);
        var random = new Random(9);
        // In any two of the 64 groups more than one call ranks, and in none as much as is ranked at once.
        for (var i = 0; i < 64; i++)
        {
            var batch = truth.Commit(1, 0, 950, random);
            _index.Enqueue(batch);
            await batch.Applied;
        }

        var board = BoardPeriod.Of(BoardName.All, 0);
        Assert.Equal(Model(truth, board).Take(50), Known(await _boards.TopAsync(board, 50)));
    }

    [Fact]
    public async Task Huge_scores_keep_every_point_and_stay_in_order()
    {
        var truth = new SwipeTruth(30);
        await Rebuild.AllAsync(_index, truth);
        var repair = new IndexRepair(_index);
        var all = BoardPeriod.Of(BoardName.All, 0);
        long[] scores = [8_191, 8_192, 1_000_000, 1_000_001, 5_000_000_000, -8_193, -1_000_000, 1L << 46];
        var people = truth.People.Take(scores.Length).ToArray();
        for (var i = 0; i < scores.Length; i++)
        {
            // Nobody else of the group is written: this is only about scores.
            var mending = await repair.BeginAsync(UserGroups.Of(people[i]), SwipeTruth.Midnight);
            var mates = people.Zip(scores).Where(pair => UserGroups.Of(pair.First) == UserGroups.Of(people[i]));
            Assert.True(await mending!.WriteAsync(mates.Select(pair =>
                new MendedUser(pair.First, default, default, new[] { new MendedScore(all, pair.Second, SwipeTruth.Midnight + Noon) }))));
            Assert.True(await mending.FinishAsync([]));
        }

        await ApplyAsync([
            .. people.Select(sid => new IndexedSwipe(truth.People[^1], sid, SwipeKind.Superlike, SwipeTruth.Midnight + Noon + 1))], truth);
        var expected = people.Zip(scores).OrderByDescending(pair => pair.Second)
            .Select((pair, rank) => new BoardStanding(rank + 1, pair.First, pair.Second + 7));
        Assert.Equal(expected, Known(await _boards.TopAsync(all, 50)));
        foreach (var (uid, score) in people.Zip(scores))
            Assert.Equal(score + 7, Known(await _boards.RankOfAsync(all, uid))!.Value.Score);
    }

    [Fact]
    public void A_place_holds_the_score_whatever_the_time()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var score = random.NextInt64(1L << random.Next(1, 48)) * (random.Next(2) == 0 ? 1 : -1);
            var reached = random.Next(3) switch { 0 => 0, 1 => SwipeTruth.Midnight + random.Next(), _ => long.MaxValue / 2 };
            var place = BoardPlace.Of(score, reached);
            Assert.Equal(score, BoardPlace.ScoreOf(place));
            if (Math.Abs(score) < 8192 && reached > SwipeTruth.Midnight && reached < SwipeTruth.Midnight * 2 / 3 * 2)
                Assert.Equal(reached, BoardPlace.ReachedOf(place));
        }
    }

    [Fact]
    public async Task A_board_can_be_read_part_by_part()
    {
        var truth = new SwipeTruth(people: 900);
        await Rebuild.AllAsync(_index, truth);
        var random = new Random(4);
        await ApplyAsync([.. RandomPairs(truth, 3_000, random).Select(pair =>
            new IndexedSwipe(pair.Uid, pair.Sid, (SwipeKind)random.Next(1, 4), SwipeTruth.Midnight))], truth);
        var board = BoardPeriod.Of(BoardName.All, 0);
        var read = new Dictionary<long, long>();
        for (var group = 0; group < UserGroups.Count; group++)
        {
            IReadOnlyList<(long Uid, long Score)> part;
            var from = 0;
            do
            {
                part = Known(await _boards.PartAsync(board, group, from, 4));
                Assert.All(part, entry => Assert.Equal(group, UserGroups.Of(entry.Uid)));
                Assert.All(part, entry => read.Add(entry.Uid, entry.Score));
                from += 4;
            }
            while (part.Count == 4);
        }
        Assert.Equal(
            Model(truth, board).Select(standing => (standing.Uid, standing.Score)).Order(),
            read.Where(entry => entry.Value != 0).Select(entry => (entry.Key, entry.Value)).Order());
    }

    [Fact]
    public async Task Decks_and_likers_are_those_of_the_truth_also_while_swipes_take_people_away()
    {
        var truth = new SwipeTruth(80);
        await Rebuild.AllAsync(_index, truth);
        var random = new Random(4);
        var pairs = RandomPairs(truth, 3_000, random);
        for (var part = 0; part < 3; part++)
        {
            await ApplyAsync([.. pairs.Skip(part * 1_000).Take(1_000).Select(pair =>
                new IndexedSwipe(pair.Uid, pair.Sid, (SwipeKind)random.Next(1, 4), SwipeTruth.Midnight + random.Next(50)))], truth);
            var snapshot = truth.Snapshot();
            foreach (var uid in truth.People)
            {
                var user = snapshot.User(uid);
                var swiped = user.Swiped.ToArray().ToHashSet();
                var open = user.Likers.ToArray().Where(liker => !swiped.Contains(liker.Uid)).ToArray();

                var deck = Known(await _users.DeckAsync(uid, 5));
                Assert.Equal(swiped.Order(), deck.Swiped.Order());
                Assert.Equal(
                    open.Where(liker => liker.Kind == SwipeKind.Superlike).OrderBy(liker => liker.At)
                        .ThenBy(liker => Text(liker.Uid), StringComparer.Ordinal)
                        .Take(5).Select(liker => liker.Uid),
                    deck.Superlikers);

                var pages = new List<IndexedLiker>();
                var limit = random.Next(1, 20);
                while (Known(await _users.LikedMeAsync(uid, limit, pages.Count > 0 ? pages[^1] : null)) is { Length: > 0 } page)
                {
                    Assert.True(page.Length <= limit);
                    pages.AddRange(page);
                }

                Assert.Equal(open.OrderByDescending(liker => liker.At).ThenByDescending(liker => Text(liker.Uid), StringComparer.Ordinal),
                    pages);
            }
        }
    }

    [Fact]
    public async Task A_deck_reads_no_more_than_some_of_very_many_swipes_and_asks_for_the_others()
    {
        await Rebuild.AllAsync(_index, new SwipeTruth(10));
        const long few = 64_001;
        const long many = 64_001 + UserGroups.Count;
        var swiped = Enumerable.Range(1_000_000, 200_000).Select(sid => (long)sid).ToArray();
        var mending = await new IndexRepair(_index).BeginAsync(UserGroups.Of(few), SwipeTruth.Midnight);
        Assert.True(await mending!.WriteAsync([
            new MendedUser(few, swiped.AsMemory(0, UserReader.MostSwiped), default, default),
            new MendedUser(many, swiped, default, default)]));
        Assert.True(await mending.FinishAsync([]));

        var all = Known(await _users.DeckAsync(few, 5));
        Assert.True(all.HasAllSwiped);
        Assert.Equal(swiped[..UserReader.MostSwiped], all.Swiped.Order());
        var some = Known(await _users.DeckAsync(many, 5));
        Assert.Equal((swiped.Length, UserReader.SomeSwiped, false), (some.Count, some.Swiped.Length, some.HasAllSwiped));
        Assert.Empty(some.Swiped.Except(swiped));

        long[] asked = [.. Enumerable.Range(999_000, UserReader.MostAsked)];
        Assert.Equal(asked.Select(sid => sid >= 1_000_000), Known(await _users.HasSwipedAsync(many, asked)));
        Assert.Empty(Known(await _users.SuperlikersAsync(many, 5)));
        await new IndexRepair(_index).UntrustAsync(UserGroups.BitOf(many));
        Assert.False((await _users.HasSwipedAsync(many, asked)).IsKnown);
        Assert.False((await _users.SuperlikersAsync(many, 5)).IsKnown);
    }

    [Fact]
    public async Task Nothing_is_answered_from_an_untrusted_group()
    {
        var truth = new SwipeTruth(200);
        await Rebuild.AllAsync(_index, truth);
        var repair = new IndexRepair(_index);
        var uid = truth.People[0];
        var found = 0;
        _index.Untrusted += group => found |= group == UserGroups.Of(uid) ? 1 : 0;
        await repair.UntrustAsync(1UL << UserGroups.Of(uid));
        Assert.False((await _users.DeckAsync(uid, 5)).IsKnown);
        Assert.False((await _users.LikedMeAsync(uid, 5)).IsKnown);
        Assert.Equal(1, found);
        var other = truth.People.First(other => UserGroups.Of(other) != UserGroups.Of(uid));
        Assert.True((await _users.DeckAsync(other, 5)).IsKnown);
        // A board is all of it or nothing.
        Assert.False((await _boards.TopAsync(BoardPeriod.Of(BoardName.All, 0), 5)).IsKnown);
        await ApplyAsync([new(other, truth.People.First(person => person != other && UserGroups.Of(person) != UserGroups.Of(uid)),
            SwipeKind.Like, SwipeTruth.Midnight)], truth);
        Assert.False((await _boards.RankOfAsync(BoardPeriod.Of(BoardName.All, 0), uid)).IsKnown);
        await Rebuild.GroupAsync(repair, truth, UserGroups.Of(uid));
        Assert.True((await _boards.TopAsync(BoardPeriod.Of(BoardName.All, 0), 5)).IsKnown);
    }

    private static string Text(long uid) => uid.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static T Known<T>(Storage.Redis.Reading.IndexAnswer<T> answer)
    {
        Assert.True(answer.IsKnown);
        return answer.Value;
    }

    private static List<(long Uid, long Sid)> RandomPairs(SwipeTruth truth, int count, Random random)
    {
        var pairs = new HashSet<(long, long)>();
        while (pairs.Count < count && pairs.Count < truth.People.Count * (truth.People.Count - 1))
        {
            // Some are far better known than others.
            var (uid, sid) =
                (truth.People[random.Next(truth.People.Count)], truth.People[random.Next(1 + random.Next(truth.People.Count))]);
            if (uid != sid)
                pairs.Add((uid, sid));
        }

        return [.. pairs];
    }

    private static List<BoardStanding> Model(SwipeTruth truth, BoardPeriod board)
    {
        var snapshot = truth.Snapshot();
        return [.. truth.People.SelectMany(uid =>
            snapshot.User(uid).Scores.ToArray().Where(score => score.Board == board && score.Score != 0).Select(score => (uid, score)))
            .OrderByDescending(found => found.score.Score).ThenBy(found => found.score.Reached).ThenBy(found => found.uid)
            .Select((found, rank) => new BoardStanding(rank + 1, found.uid, found.score.Score))];
    }

    private async Task ApplyAsync(IndexedSwipe[] swipes, SwipeTruth truth)
    {
        foreach (var part in swipes.Chunk(300))
        {
            var batch = truth.Commit(1, 0, part);
            _index.Enqueue(batch);
            await batch.Applied;
        }
    }
}
