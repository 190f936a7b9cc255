using System.Collections.Concurrent;
using Swiper.Core.Dispatch;
using Swiper.Storage.Records;

namespace Swiper.Storage.Tests.Records;

/// <summary>What a host does with what it hears of, by the clock of the tests.</summary>
public sealed class HeardChangesTests : IDisposable
{
    private const int NotRead = 3144;

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly RecordedLog<HeardChanges> _log = new();
    private readonly ConcurrentQueue<long> _read = new();
    private readonly HeardChanges _changes;
    private Func<long, Task> _store = static _ => Task.CompletedTask;

    public HeardChangesTests() => _changes = new HeardChanges(
        key =>
        {
            _read.Enqueue(key);
            return _store(key);
        },
        _clock, _log);

    public void Dispose() => _changes.Dispose();

    [Fact]
    public async Task What_is_heard_is_read()
    {
        await _changes.LoadedAsync();
        _changes.Hear(7);
        Assert.Equal([7L], _read);
    }

    [Fact]
    public async Task What_was_heard_while_all_was_read_is_read_once_more()
    {
        _changes.Hear(7);
        _changes.Hear(8);
        Assert.Equal([7L, 8], _read);
        await _changes.LoadedAsync();
        Assert.Equal([7L, 8, 7, 8], _read);
    }

    [Fact]
    public async Task Two_readings_of_one_key_do_not_overlap_and_those_of_others_do()
    {
        await _changes.LoadedAsync();
        var first = new TaskCompletionSource();
        _store = key => key == 7 && _read.Count == 1 ? first.Task : Task.CompletedTask;
        _changes.Hear(7);
        _changes.Hear(7);
        _changes.Hear(8);
        Assert.Equal([7L, 8], _read);
        first.SetResult();
        await Eventually.HoldsAsync(() => _read.Count == 3, "the second reading");
        Assert.Equal([7L, 8, 7], _read);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_cannot_be_read_now_is_read_later_and_a_bug_is_logged(bool isBug)
    {
        await _changes.LoadedAsync();
        _store = _ => _read.Count < 3
            ? throw (isBug ? new InvalidOperationException("a bug") : new StoreUnavailableException("The shard is away."))
            : Task.CompletedTask;
        _changes.Hear(7);
        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _read.Count == 3;
            },
            "the third reading");
        Assert.Equal(isBug ? 2 : 0, _log.Of(NotRead).Count);
    }

    [Fact]
    public async Task Whoever_ends_does_not_wait_for_a_shard_that_is_away()
    {
        await _changes.LoadedAsync();
        _store = _ => throw new StoreUnavailableException("The shard is away.");
        _changes.Hear(7);
        _changes.Dispose();
        _changes.Dispose();
        Assert.Single(_read);
    }
}
