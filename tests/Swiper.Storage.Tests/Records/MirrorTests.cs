using System.Collections.Concurrent;
using Swiper.Core.Dispatch;
using Swiper.Storage.Records;

namespace Swiper.Storage.Tests.Records;

/// <summary>What a host does with what it hears of, by the clock of the tests.</summary>
public sealed class MirrorTests : IDisposable
{
    private const int NotRead = 3144;

    private static readonly Action Nothing = static () => { };

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly RecordedLog<Mirror<long>> _log = new();
    private readonly ConcurrentQueue<long> _read = new();
    private readonly ConcurrentQueue<long> _unread = new();
    private readonly Mirror<long> _mirror;
    private Func<long, Task<Action>> _store = static _ => Task.FromResult(Nothing);

    public MirrorTests() => _mirror = new Mirror<long>(
        key =>
        {
            _read.Enqueue(key);
            return _store(key);
        },
        _clock, _log, _unread.Enqueue);

    public void Dispose() => _mirror.Dispose();

    [Fact]
    public async Task What_is_heard_is_read()
    {
        await _mirror.LoadAsync(static () => Task.CompletedTask);
        _mirror.Hear(7);
        Assert.Equal([7L], _read);
    }

    [Fact]
    public async Task What_was_heard_while_all_was_read_is_read_once_more()
    {
        await _mirror.LoadAsync(() =>
        {
            _mirror.Hear(7);
            _mirror.Hear(8);
            Assert.Equal([7L, 8], _read);
            return Task.CompletedTask;
        });
        Assert.Equal([7L, 8, 7, 8], _read);
    }

    [Fact]
    public async Task Two_readings_of_one_key_do_not_overlap_and_those_of_others_do()
    {
        await _mirror.LoadAsync(static () => Task.CompletedTask);
        var first = new TaskCompletionSource<Action>();
        _store = key => key == 7 && _read.Count == 1 ? first.Task : Task.FromResult(Nothing);
        _mirror.Hear(7);
        _mirror.Hear(7);
        _mirror.Hear(8);
        Assert.Equal([7L, 8], _read);
        first.SetResult(Nothing);
        await Eventually.HoldsAsync(() => _read.Count == 3, "the second reading");
        Assert.Equal([7L, 8, 7], _read);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_cannot_be_read_now_is_read_later_and_a_bug_is_logged(bool isBug)
    {
        await _mirror.LoadAsync(static () => Task.CompletedTask);
        _store = _ => _read.Count < 3
            ? throw (isBug ? new InvalidOperationException("a bug") : new StoreUnavailableException("The shard is away."))
            : Task.FromResult(Nothing);
        _mirror.Hear(7);
        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _read.Count == 3;
            },
            "the third reading");
        Assert.Equal(isBug ? 2 : 0, _log.Of(NotRead).Count);
        Assert.Equal(isBug ? [] : [7L, 7], _unread);
    }

    [Fact]
    public async Task An_own_change_is_never_hidden_by_a_reading_that_began_before_it()
    {
        await _mirror.LoadAsync(static () => Task.CompletedTask);
        var (shown, older) = (new ConcurrentQueue<string>(), new TaskCompletionSource());
        _store = async _ =>
        {
            var stored = _read.Count == 1 ? "older" : "read";
            if (stored == "older")
                await older.Task;
            return () => shown.Enqueue(stored);
        };
        _mirror.Hear(7);
        var session = new RecordSession(null!, SqlDialect.Sqlite, shardKey: 7, _clock, span: null);
        _mirror.Change(session, 7, () => shown.Enqueue("changed"));
        Assert.Empty(shown);
        session.Committed();
        Assert.Equal(["changed"], shown);

        older.SetResult();
        await Eventually.HoldsAsync(() => shown.Count == 2, "the reading after the change");
        Assert.Equal(["changed", "read"], shown);
    }

    [Fact]
    public async Task A_change_that_nobody_reads_meanwhile_needs_no_reading()
    {
        await _mirror.LoadAsync(static () => Task.CompletedTask);
        var shown = "";
        var session = new RecordSession(null!, SqlDialect.Sqlite, shardKey: 7, _clock, span: null);
        _mirror.Change(session, 7, () => shown = "changed");
        session.Committed();
        Assert.Equal("changed", shown);
        Assert.Empty(_read);
    }

    [Fact]
    public async Task Whoever_ends_does_not_wait_for_a_shard_that_is_away()
    {
        await _mirror.LoadAsync(static () => Task.CompletedTask);
        _store = _ => throw new StoreUnavailableException("The shard is away.");
        _mirror.Hear(7);
        _mirror.Dispose();
        _mirror.Dispose();
        Assert.Single(_read);
    }
}
