using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Embedded;
using Swiper.Storage.Records;

namespace Swiper.Storage.Tests.Records;

/// <summary>The outbox, on one shard of the embedded engine, whose clock the tests move.</summary>
public sealed class FollowUpsTests : IDisposable
{
    private const int Failed = 3140;
    private const long Ann = 1;
    private const long Bob = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly RecordedLog<EmbeddedStorage> _log = new();
    private EmbeddedEngine _engine;
    private readonly List<string> _done = [];
    private Func<string, Task> _handler = static _ => Task.CompletedTask;

    public FollowUpsTests() => _engine = Open();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_done_after_the_commit_and_its_row_goes()
    {
        await WriteAsync(Bob, "a");
        await UntilAsync("a");
        await UntilEmptyAsync();
    }

    [Fact]
    public async Task It_is_under_the_span_of_what_wrote_it_also_after_a_restart()
    {
        using var spans = new RecordedSpans();
        using var source = new ActivitySource("Swiper.Tests");
        _handler = static _ => throw new StoreUnavailableException("The other shard is away.");
        var payload = PayloadBytes.Of(default(NoData));
        ActivityContext request;
        using (var span = source.StartActivity("request"))
        {
            request = span!.Context;
            await _engine.Records.RunAsync(Ann, session => session.FollowUpAsync(FollowUpKind.Unfriended, Bob, payload));
        }
        await Eventually.HoldsAsync(() => TriesOf(request).Count == 1, "the first try");
        _handler = static _ => Task.CompletedTask;
        Restart();
        await UntilEmptyAsync();

        await Eventually.HoldsAsync(() => TriesOf(request).Count == 2, "the second try");
        Assert.Equal(
            [(ActivityStatusCode.Error, 0), (ActivityStatusCode.Unset, 1)],
            TriesOf(request).Select(static tried => (tried.Status, (int)tried.GetTagItem("swiper.follow_up.attempts")!)));

        List<Activity> TriesOf(ActivityContext cause) => [.. spans.Ended.Where(span =>
            span.OperationName == "follow_up" && span.TraceId == cause.TraceId && span.ParentSpanId == cause.SpanId)];
    }

    [Fact]
    public async Task What_a_transaction_that_fails_would_have_had_done_is_not_done()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _engine.Records.RunAsync<bool>(Ann, async session =>
        {
            await session.FollowUpAsync(FollowUpKind.Unfriended, Bob, "a"u8.ToArray());
            throw new InvalidOperationException("not so");
        }).AsTask());
        await WriteAsync(Bob, "b");
        await UntilAsync("b");
    }

    [Fact]
    public async Task One_that_fails_is_tried_again_after_longer_and_longer_pauses()
    {
        var tries = 0;
        _handler = _ => ++tries < 4 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        await WriteAsync(Bob, "a");
        await Eventually.HoldsAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return await CountAsync() == 0;
            },
            "the fourth try");
        Assert.Equal(["a"], _done);
        Assert.Equal(3, _log.Entries.Count(entry => entry.Id == Failed && entry.Level == LogLevel.Error));
    }

    [Fact]
    public async Task Those_for_a_user_are_done_one_after_the_other_also_if_the_first_fails()
    {
        var mayPass = false;
        _handler = what => what != "first" || Volatile.Read(ref mayPass)
            ? Task.CompletedTask
            : throw new StoreUnavailableException("The other shard is away.");
        await WriteAsync(Bob, "first");
        await WriteAsync(Bob, "second");
        await WriteAsync(Ann, "of another user");
        await UntilAsync("of another user");
        Volatile.Write(ref mayPass, true);
        await Eventually.HoldsAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return await CountAsync() == 0;
            },
            "the end of all");
        Assert.Equal(["of another user", "first", "second"], _done);
    }

    [Fact]
    public async Task A_handler_that_never_ends_is_given_up_and_called_again()
    {
        var calls = 0;
        _handler = _ => ++calls == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken) : Task.CompletedTask;
        await WriteAsync(Bob, "a");
        await Eventually.HoldsAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return await CountAsync() == 0;
            },
            "the second call");
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_is_scheduled_is_done_when_it_is_due_and_not_before_also_after_a_restart(bool isRestarted)
    {
        var due = _clock.GetUtcNow().AddDays(100);
        await _engine.Records.RunAsync(Ann, session => session.ScheduleAsync(
            FollowUpKind.VipEnded, Bob, "scheduled"u8.ToArray(), due.ToUnixTimeMilliseconds()));
        if (isRestarted)
            Restart();
        _clock.Advance(due - _clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        await WriteAsync(Bob, "another");
        await UntilAsync("another");
        Assert.Equal(["another"], _done);

        await Eventually.HoldsAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return await CountAsync() == 0;
            },
            "the end of all");
        Assert.Equal(["another", "scheduled"], _done);
    }

    [Fact]
    public async Task A_work_that_awaits_something_else_than_its_session_is_refused()
    {
        var other = new TaskCompletionSource();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _engine.Records.RunAsync(Ann, async session =>
        {
            await other.Task;
            await session.ExecuteAsync("DELETE FROM follow_ups");
        }).AsTask());
        await WriteAsync(Bob, "a");
        await UntilAsync("a");
    }

    private EmbeddedEngine Open()
    {
        var engine = new EmbeddedEngine(
            new EmbeddedOptions(_folder, Shards: 1, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(), _clock, _log);
        engine.Records.FollowUps.Handle(FollowUpKind.Unfriended, DoAsync);
        engine.Records.FollowUps.Handle(FollowUpKind.VipEnded, DoAsync, inOrder: false, isScheduled: true);
        engine.Start();
        return engine;
    }

    private void Restart()
    {
        _engine.Dispose();
        _engine = Open();
    }

    private async Task DoAsync(FollowUp followUp)
    {
        var what = System.Text.Encoding.UTF8.GetString(followUp.Payload);
        await _handler(what);
        lock (_done)
            _done.Add(what);
    }

    private ValueTask<FollowUp> WriteAsync(long uid, string what) => _engine.Records.RunAsync(Ann, session =>
        session.FollowUpAsync(FollowUpKind.Unfriended, uid, System.Text.Encoding.UTF8.GetBytes(what)));

    private ValueTask<int> CountAsync() => _engine.Records.ReadAsync(Ann, connection =>
        connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM follow_ups"));

    private Task UntilEmptyAsync() => Eventually.HoldsAsync(async () => await CountAsync() == 0, "an empty outbox");

    private Task UntilAsync(string what) => Eventually.HoldsAsync(
        () =>
        {
            lock (_done)
                return _done.Contains(what);
        },
        what);
}
