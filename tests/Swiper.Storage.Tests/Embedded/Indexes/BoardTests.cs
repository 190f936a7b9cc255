using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Embedded.Indexes;

public class BoardTests
{
    private static PeopleIndex People(int count, int seed = 8)
    {
        // Uids in an order of their own, so that ties by uid are not ties by slot.
        var uids = Enumerable.Range(1, count).Select(i => (long)i * 10).ToArray();
        new Random(seed).Shuffle(uids);
        var people = new PeopleIndex();
        foreach (var uid in uids)
            people.Add(uid, default);
        return people;
    }

    [Theory]
    [InlineData(1, 30, 3)]
    [InlineData(2, 3_000, 40)]
    [InlineData(3, 3_000, 100_000)]
    public void A_board_agrees_with_a_sorted_model(int seed, int users, int times)
    {
        var people = People(users);
        var random = new Random(seed);
        var board = new Board(people);
        var model = new Dictionary<int, (int Score, long At)>();
        int[] deltas = [5, 7, -5, 5, -7];
        for (var round = 0; round < 30; round++)
        {
            var batch = new ScoreChange[random.Next(1_500)];
            foreach (ref var change in batch.AsSpan())
            {
                change = new ScoreChange(random.Next(users), deltas[random.Next(deltas.Length)], random.Next(times));
                var (score, at) = model.GetValueOrDefault(change.Slot);
                model[change.Slot] = (score + change.Delta, Math.Max(at, change.At));
            }
            board.ApplyBatch(batch);
            Compare(board, people, model, random);
        }
    }

    [Fact]
    public void A_board_that_empties_by_and_by_stays_in_order()
    {
        const int users = 5_000;
        var people = People(users);
        var random = new Random(9);
        var board = new Board(people);
        var model = new Dictionary<int, (int Score, long At)>();
        for (var slot = 0; slot < users; slot++)
        {
            model[slot] = (5 + slot % 50, slot % 90);
            board.Add(slot, 5 + slot % 50, slot % 90);
        }
        var order = Enumerable.Range(0, users).ToArray();
        random.Shuffle(order);
        for (var i = 0; i < users; i++)
        {
            board.Add(order[i], -model[order[i]].Score, 0);
            model.Remove(order[i]);
            if (i % 500 == 0 || i == users - 1)
                Compare(board, people, model, random);
        }
        Assert.Equal(0, board.Count);
    }

    [Fact]
    public void A_score_of_zero_is_not_ranked()
    {
        var board = new Board(People(3));
        board.Add(1, 5, 100);
        board.Add(1, -5, 200);
        Assert.Equal(0, board.Count);
        Assert.False(board.TryGetRank(1, out _, out _));
        Assert.False(board.TryGetRank(2, out _, out _));
        Assert.False(board.TryGetRank(1_000_000, out _, out _));
        Assert.Equal(0, board.Around(1, new BoardEntry[3], out var first));
        Assert.Equal(0, first);
    }

    [Fact]
    public void Ties_go_to_who_reached_the_score_first_and_then_to_the_lower_uid()
    {
        var people = new PeopleIndex();
        int late = people.Add(10, default), high = people.Add(30, default), low = people.Add(20, default);
        var board = new Board(people);
        board.ApplyBatch([new(late, 5, 200), new(high, 5, 100), new(low, 5, 100)]);
        var top = new BoardEntry[5];
        Assert.Equal(3, board.Top(top));
        Assert.Equal([new(20, 5, 100), new(30, 5, 100), new(10, 5, 200)], top.Take(3));
    }

    [Fact]
    public void A_window_moves_inwards_at_the_ends()
    {
        var board = new Board(People(10));
        for (var slot = 0; slot < 10; slot++)
            board.Add(slot, 100 - slot, 1);
        var window = new BoardEntry[5];
        (int Slot, int First)[] cases = [(0, 1), (1, 1), (4, 3), (9, 6), (8, 6)];
        foreach (var (slot, first) in cases)
        {
            Assert.Equal(5, board.Around(slot, window, out var firstRank));
            Assert.Equal(first, firstRank);
            Assert.Equal(Enumerable.Range(first, 5).Select(rank => 101 - rank), window.Select(entry => entry.Score));
        }
        Assert.Equal(10, board.Around(4, new BoardEntry[20], out var whole));
        Assert.Equal(1, whole);
    }

    [Fact]
    public void A_loaded_board_equals_one_that_was_built_by_changes()
    {
        var people = People(2_000);
        var random = new Random(10);
        var changes = Enumerable.Range(0, 20_000).Select(_ => new ScoreChange(random.Next(2_000), 5, random.Next(1_000))).ToArray();
        var built = new Board(people);
        built.ApplyBatch(changes);
        var loaded = new Board(people);
        loaded.StartLoad();
        loaded.ApplyBatch(changes.AsSpan(0, 9_000));
        Assert.False(loaded.TryGetRank(changes[0].Slot, out _, out _));
        Assert.Equal(0, loaded.Count);
        loaded.ApplyBatch(changes.AsSpan(9_000));
        loaded.FinishLoad();

        var (expected, actual) = (new BoardEntry[2_000], new BoardEntry[2_000]);
        Assert.Equal(built.Top(expected), loaded.Top(actual));
        Assert.Equal(expected, actual);
        loaded.ApplyBatch(changes);
        built.ApplyBatch(changes);
        Assert.Equal(built.Top(expected), loaded.Top(actual));
        Assert.Equal(expected, actual);
        loaded.Clear();
        Assert.Equal(0, loaded.Top(actual));
    }

    [Fact]
    public async Task A_reader_beside_a_writer_never_sees_half_a_batch()
    {
        var board = new Board(People(600));
        var writer = Task.Run(() =>
        {
            for (var i = 0; i < 3_000; i++)
            {
                // Points only move from one user to another: their sum stays.
                var delta = i == 0 ? 1_000_000 : 0;
                board.ApplyBatch([new(0, delta - 5, i), new(1 + i % 500, 5, i)]);
            }
        }, TestContext.Current.CancellationToken);
        var all = new BoardEntry[600];
        do
        {
            var count = board.Top(all);
            Assert.Equal(count == 0 ? 0 : 1_000_000, all.Take(count).Sum(entry => entry.Score));
        }
        while (!writer.IsCompleted);
        await writer;
    }

    [Fact]
    public void Changes_and_reads_make_no_garbage()
    {
        var board = new Board(People(5_000));
        var batch = new ScoreChange[20_000];
        var window = new BoardEntry[50];
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            var random = 1u;
            foreach (ref var change in batch.AsSpan())
            {
                random = random * 1664525 + 1013904223;
                change = new ScoreChange((int)(random >> 8) % 5_000, (random >> 30) == 0 ? -5 : 5, random >> 20);
            }
            board.ApplyBatch(batch);
            for (var slot = 0; slot < 1_000; slot++)
            {
                board.Add(slot, 7, slot);
                board.Top(window);
                board.Around(slot, window, out _);
                board.TryGetRank(slot, out _, out _);
            }
            board.Clear();
        }));
    }

    private static void Compare(Board board, PeopleIndex people, Dictionary<int, (int Score, long At)> model, Random random)
    {
        var expected = model.Where(pair => pair.Value.Score != 0)
            .Select(pair => (pair.Key, Entry: new BoardEntry(people.UidOf(pair.Key), pair.Value.Score, pair.Value.At)))
            .OrderByDescending(pair => pair.Entry.Score).ThenBy(pair => pair.Entry.ReachedAt).ThenBy(pair => pair.Entry.Uid)
            .ToArray();
        Assert.Equal(expected.Length, board.Count);
        var all = new BoardEntry[expected.Length + 3];
        Assert.Equal(expected.Length, board.Top(all));
        Assert.Equal(expected.Select(pair => pair.Entry), all.Take(expected.Length));
        for (var i = 0; i < 50 && expected.Length > 0; i++)
        {
            var rank = random.Next(expected.Length);
            Assert.True(board.TryGetRank(expected[rank].Key, out var found, out var score));
            Assert.Equal((rank + 1, expected[rank].Entry.Score), (found, score));
            var window = new BoardEntry[random.Next(1, 20)];
            var count = board.Around(expected[rank].Key, window, out var first);
            Assert.Equal(expected.Skip(first - 1).Take(count).Select(pair => pair.Entry), window.Take(count));
            Assert.Equal(Math.Min(window.Length, expected.Length), count);
            Assert.InRange(rank + 1, first, first + count - 1);
        }
    }
}
