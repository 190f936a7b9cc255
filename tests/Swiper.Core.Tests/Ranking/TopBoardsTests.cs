using Swiper.Core.Ranking;

namespace Swiper.Core.Tests.Ranking;

public sealed class TopBoardsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Oldest = TimeSpan.FromMilliseconds(TopBoards.OldestMs);

    private readonly FakeTimeProvider _clock = new();
    private readonly HeldBoards _store = new();
    private readonly TopBoards _tops;

    // Nobody is on these boards, so nobody's name is asked for.
    public TopBoardsTests() => _tops = new TopBoards(_store, new BoardPeople(null!), _clock);

    [Fact]
    public async Task Nobody_is_answered_a_top_older_than_a_second()
    {
        var random = new Random(1);
        for (var step = 0; step < 500; step++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(random.Next(1, 4) * 700)));
            var asked = _clock.GetTimestamp();
            var top = await GetAsync();
            Assert.InRange(_clock.GetElapsedTime(top.Timestamp, asked), TimeSpan.MinValue, Oldest);
        }
        Assert.InRange(_store.Reads, 1, 500);
    }

    [Fact]
    public async Task A_new_one_is_taken_while_the_last_is_answered()
    {
        var first = await GetAsync();
        _clock.Advance(Oldest / 4);
        Assert.Same(first, await GetAsync());
        Assert.Equal(1, _store.Reads);

        _store.Hold();
        _clock.Advance(Oldest / 2);
        var soon = _tops.GetAsync(BoardName.Day);
        Assert.True(soon.IsCompletedSuccessfully, "a top of less than a second is waited for");
        Assert.Same(first, await soon);
        await _store.ReadBegunAsync();
        Assert.Same(first, await GetAsync());
        _store.Release();

        // It is there without anybody having waited for it.
        while (await GetAsync() == first)
            await Task.Yield();
        Assert.Equal(2, _store.Reads);
    }

    [Fact]
    public async Task What_a_slow_store_was_asked_for_long_ago_is_too_old_for_those_who_come_later()
    {
        _store.Hold();
        var first = _tops.GetAsync(BoardName.Day).AsTask();
        await _store.ReadBegunAsync();
        _clock.Advance(Oldest * 5);
        var asked = _clock.GetTimestamp();
        var second = _tops.GetAsync(BoardName.Day).AsTask();
        Assert.False(second.IsCompleted);
        _store.Release();

        await first.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(asked, (await second.WaitAsync(Patience, TestContext.Current.CancellationToken)).Timestamp);
    }

    private async Task<TopSnapshot> GetAsync() =>
        await _tops.GetAsync(BoardName.Day).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Empty boards of a store that can be held up.</summary>
    private sealed class HeldBoards : IBoardRepository
    {
        private TaskCompletionSource? _begun;
        private TaskCompletionSource? _goes;
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public void Hold()
        {
            _begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _goes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public void Release() => _goes!.SetResult();

        /// <summary>Waits until the store has been asked since it is held.</summary>
        public async Task ReadBegunAsync() => await _begun!.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        public async ValueTask<IReadOnlyList<BoardStanding>> TopAsync(BoardName board, int n)
        {
            Interlocked.Increment(ref _reads);
            _begun?.TrySetResult();
            if (_goes is { } goes)
                await goes.Task;
            return [];
        }

        public ValueTask<BoardStanding?> RankOfAsync(BoardName board, long uid) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<BoardStanding>> AroundAsync(BoardName board, long uid, int n) => throw new NotSupportedException();
    }
}
