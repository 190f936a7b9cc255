using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster;
using Swiper.Storage.Embedded;
using Swiper.Storage.Records;
using Swiper.Storage.Tests.Cluster;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Records;

/// <summary>The outbox, on every engine, whose clock the tests move.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class FollowUpsTests(ClusterServers servers) : IAsyncDisposable
{
    private const int Failed = 3140;
    private const long Ann = 1;
    private const long Bob = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly RecordedLog<FollowUpsTests> _log = new();
    private readonly List<string> _done = [];
    private TestCluster? _cluster;
    private Host _host = null!;
    private Func<string, Task> _handler = static _ => Task.CompletedTask;

    private IRecords Records => _host.Records;

    public async ValueTask DisposeAsync()
    {
        _host.Engine.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Theory, OnEveryEngine]
    public async Task It_is_done_after_the_commit_and_its_row_goes(EngineKind engine)
    {
        Start(engine);
        await WriteAsync(Bob, "a");
        await UntilAsync("a");
        await UntilEmptyAsync();
    }

    [Theory, OnEveryEngine]
    public async Task It_is_under_the_span_of_what_wrote_it_also_after_a_restart(EngineKind engine)
    {
        Start(engine);
        using var spans = new RecordedSpans();
        using var source = new ActivitySource("Swiper.Tests");
        _handler = static _ => throw new StoreUnavailableException("The other shard is away.");
        var payload = PayloadBytes.Of(default(NoData));
        ActivityContext request;
        using (var span = source.StartActivity("request"))
        {
            request = span!.Context;
            await Records.RunAsync(Ann, session => session.FollowUpAsync(FollowUpKind.Unfriended, Bob, payload));
        }
        await Eventually.HoldsAsync(() => TriesOf(request).Count == 1, "the first try");
        _handler = static _ => Task.CompletedTask;
        Restart();
        await UntilEmptyLaterAsync();

        await Eventually.HoldsAsync(() => TriesOf(request).Count == 2, "the second try");
        Assert.Equal(
            [(ActivityStatusCode.Error, 0), (ActivityStatusCode.Unset, 1)],
            TriesOf(request).Select(static tried => (tried.Status, (int)tried.GetTagItem("swiper.follow_up.attempts")!)));

        List<Activity> TriesOf(ActivityContext cause) => [.. spans.Ended.Where(span =>
            span.OperationName == "follow_up" && span.TraceId == cause.TraceId && span.ParentSpanId == cause.SpanId)];
    }

    [Theory, OnEveryEngine]
    public async Task What_a_transaction_that_fails_would_have_had_done_is_not_done(EngineKind engine)
    {
        Start(engine);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Records.RunAsync<bool>(Ann, async session =>
        {
            await session.FollowUpAsync(FollowUpKind.Unfriended, Bob, "a"u8.ToArray());
            throw new InvalidOperationException("not so");
        }).AsTask());
        await WriteAsync(Bob, "b");
        await UntilAsync("b");
    }

    [Theory, OnEveryEngine]
    public async Task One_that_fails_is_tried_again_after_longer_and_longer_pauses(EngineKind engine)
    {
        Start(engine);
        // From here on the host looks whenever the clock has moved on by a second.
        await ScheduleAsync("looked for", _clock.GetUtcNow());
        await UntilEmptyLaterAsync();
        _handler = _ => throw new InvalidOperationException("not yet");
        await WriteAsync(Bob, "a");

        var tries = 0;
        foreach (var pause in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            var expected = (_clock.NowMs() + pause * 1000, Attempts: tries++);
            await Eventually.HoldsAsync(async () => await FindAsync() == expected, $"a pause of {pause} s after try {tries}");
            Assert.Equal(tries, _log.Entries.Count(entry => entry.Id == Failed && entry.Level == LogLevel.Error));
            _clock.Advance(TimeSpan.FromSeconds(pause));
        }

        await Eventually.HoldsAsync(async () => await FindAsync() == (_clock.NowMs() + 60_000, tries), "one more try");
        _handler = static _ => Task.CompletedTask;
        _clock.Advance(TimeSpan.FromSeconds(60));
        await UntilEmptyAsync();
        Assert.Equal(["looked for", "a"], _done);
    }

    [Theory, OnEveryEngine]
    public async Task What_a_host_could_not_do_is_done_by_the_next_one(EngineKind engine)
    {
        Start(engine);
        var tries = 0;
        _handler = _ =>
        {
            Interlocked.Increment(ref tries);
            throw new StoreUnavailableException("The other shard is away.");
        };
        await WriteAsync(Bob, "a");
        await Eventually.HoldsAsync(() => Volatile.Read(ref tries) == 1, "the first try");
        _handler = static _ => Task.CompletedTask;
        Restart();
        await UntilEmptyLaterAsync();
        Assert.Equal(["a"], _done);
    }

    [Fact]
    public async Task What_a_host_does_not_get_done_is_taken_over_by_another()
    {
        Start(EngineKind.Cluster);
        var hangs = new TaskCompletionSource();
        _handler = _ => hangs.Task;
        await WriteAsync(Bob, "a");
        var others = new List<string>();
        using var other = OpenCluster(followUp =>
        {
            lock (others)
                others.Add(System.Text.Encoding.UTF8.GetString(followUp.Payload));
            return Task.CompletedTask;
        }).Engine;
        await UntilEmptyLaterAsync();
        lock (others)
            Assert.Equal(["a"], others);
        Assert.Empty(_done);
        hangs.SetResult();
    }

    [Theory, OnEveryEngine]
    public async Task What_was_written_while_the_clock_was_days_ahead_is_counted_and_done_once_it_is_put_right(EngineKind engine)
    {
        Start(engine);
        var mayPass = false;
        _handler = _ => Volatile.Read(ref mayPass)
            ? Task.CompletedTask
            : throw new StoreUnavailableException("The other shard is away.");
        await Records.FollowUps.WhenTried(await WriteAsync(Bob, "first"));
        await ScheduleAsync("scheduled", _clock.GetUtcNow().AddDays(10));
        await Records.RunAsync(Ann, session => session.ExecuteAsync(
            "UPDATE follow_ups SET due = @due", new { due = _clock.GetUtcNow().AddDays(10).ToUnixTimeMilliseconds() }));
        await WriteAsync(Bob, "second");
        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Records.FollowUps.Pending == 2;
            },
            "two that wait");

        Volatile.Write(ref mayPass, true);
        await Eventually.HoldsAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return await CountAsync() == 1;
            },
            "the end of both");
        Assert.Equal(["first", "second"], _done);
    }

    [Theory, OnEveryEngine]
    public async Task Those_for_a_user_are_done_one_after_the_other_also_if_the_first_fails(EngineKind engine)
    {
        Start(engine);
        var mayPass = false;
        _handler = what => what != "first" || Volatile.Read(ref mayPass)
            ? Task.CompletedTask
            : throw new StoreUnavailableException("The other shard is away.");
        await WriteAsync(Bob, "first");
        await WriteAsync(Bob, "second");
        await WriteAsync(Ann, "of another user");
        await UntilAsync("of another user");
        Volatile.Write(ref mayPass, true);
        await UntilEmptyLaterAsync();
        Assert.Equal(["of another user", "first", "second"], _done);
    }

    [Theory, OnEveryEngine]
    public async Task A_handler_that_never_ends_is_given_up_and_called_again(EngineKind engine)
    {
        Start(engine);
        var calls = 0;
        _handler = _ => ++calls == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken) : Task.CompletedTask;
        await WriteAsync(Bob, "a");
        await UntilEmptyLaterAsync();
        Assert.Equal(2, calls);
    }

    [Theory]
    [OnEveryEngine(false)]
    [OnEveryEngine(true)]
    public async Task One_that_is_scheduled_is_done_when_it_is_due_and_not_before_also_after_a_restart(EngineKind engine, bool isRestarted)
    {
        Start(engine);
        var due = _clock.GetUtcNow().AddDays(100);
        await ScheduleAsync("scheduled", due);
        if (isRestarted)
            Restart();
        _clock.Advance(due - _clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        await WriteAsync(Bob, "another");
        await UntilAsync("another");
        Assert.Equal(["another"], _done);

        await UntilEmptyLaterAsync();
        Assert.Equal(["another", "scheduled"], _done);
    }

    // Of the embedded engine, where all of a shard wait for it.
    [Fact]
    public async Task A_work_that_awaits_something_else_than_its_session_is_refused()
    {
        Start(EngineKind.Embedded);
        var other = new TaskCompletionSource();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Records.RunAsync(Ann, async session =>
        {
            await other.Task;
            await session.ExecuteAsync("DELETE FROM follow_ups");
        }).AsTask());
        await WriteAsync(Bob, "a");
        await UntilAsync("a");
    }

    private void Start(EngineKind engine)
    {
        // A lease that outlasts all that the clock is moved by.
        if (engine == EngineKind.Cluster)
            _cluster = new TestCluster(servers, TimeSpan.FromDays(120), _clock);
        _host = Open();
    }

    private Host Open() => _cluster is null ? OpenEmbedded() : OpenCluster(DoAsync);

    private Host OpenEmbedded()
    {
        var engine = new EmbeddedEngine(
            new EmbeddedOptions(_folder, Shards: 1, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(), _clock, _log);
        Handle(engine.Records, DoAsync);
        engine.Start();
        return new Host(engine, engine.Records);
    }

    private Host OpenCluster(Func<FollowUp, Task> handler)
    {
        var engine = new ClusterEngine(_cluster!.Options, new SessionRegistry(), _clock, _log);
        Handle(engine.Records, handler);
        engine.Start();
        return new Host(engine, engine.Records);
    }

    private static void Handle(IRecords records, Func<FollowUp, Task> handler)
    {
        records.FollowUps.Handle(FollowUpKind.Unfriended, handler);
        records.FollowUps.Handle(FollowUpKind.VipEnded, handler, inOrder: false, isScheduled: true);
    }

    private void Restart()
    {
        _host.Engine.Dispose();
        _host = Open();
    }

    private async Task DoAsync(FollowUp followUp)
    {
        var what = System.Text.Encoding.UTF8.GetString(followUp.Payload);
        await _handler(what);
        lock (_done)
            _done.Add(what);
    }

    private ValueTask<FollowUp> WriteAsync(long uid, string what) => Records.RunAsync(Ann, session =>
        session.FollowUpAsync(FollowUpKind.Unfriended, uid, System.Text.Encoding.UTF8.GetBytes(what)));

    private ValueTask ScheduleAsync(string what, DateTimeOffset due) => Records.RunAsync(Ann, session => session.ScheduleAsync(
        FollowUpKind.VipEnded, Bob, System.Text.Encoding.UTF8.GetBytes(what), due.ToUnixTimeMilliseconds()));

    private ValueTask<int> CountAsync() => Records.ReadAsync(Ann, connection =>
        connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM follow_ups"));

    private ValueTask<(long Due, int Attempts)> FindAsync() => Records.ReadAsync(Ann, connection =>
        connection.QuerySingleAsync<(long, int)>("SELECT due, attempts FROM follow_ups"));

    private Task UntilEmptyAsync() => Eventually.HoldsAsync(async () => await CountAsync() == 0, "an empty outbox");

    /// <summary>Lets the clock go on until then.</summary>
    private Task UntilEmptyLaterAsync() => Eventually.HoldsAsync(
        async () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return await CountAsync() == 0;
        },
        "an empty outbox");

    private Task UntilAsync(string what) => Eventually.HoldsAsync(
        () =>
        {
            lock (_done)
                return _done.Contains(what);
        },
        what);

    private sealed record Host(IDisposable Engine, IRecords Records);
}
