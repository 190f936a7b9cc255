using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Storage.Embedded;

namespace Swiper.Storage.Tests.Embedded;

/// <summary>
/// What the embedded engine says of its health: a disk that hangs within five seconds, and nothing of it at the next look after it is
/// over.
/// </summary>
public sealed class EmbeddedHealthTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedMeters _meters = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly EmbeddedStorage _engine;

    public EmbeddedHealthTests() => _engine = new EmbeddedStorage(
        new EmbeddedOptions(_folder.Path, Shards: 2, CachedProfiles: 1000, CodeRules.Standard), new SessionRegistry(), _clock,
        NullLogger<EmbeddedStorage>.Instance, _meters);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _meters.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_write_that_hangs_is_told_by_health_and_metrics_and_is_over_with_it()
    {
        await _engine.StartAsync(TestContext.Current.CancellationToken);
        var writes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var goesOn = new ManualResetEventSlim();
        var write = _engine.Parts.Records.RunAsync(1, _ =>
        {
            writes.SetResult();
            goesOn.Wait();
            return Task.FromResult(0);
        });
        try
        {
            // What awaits a write goes on on its lane, which must not wait here for itself.
            await writes.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
            _clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Empty(Writes());
            Assert.Equal(1, IsUp());

            _clock.Advance(TimeSpan.FromSeconds(2));

            Assert.Equal(TimeSpan.FromSeconds(5), _engine.Parts.Shards[1].Lane.AtWorkFor);
            var reason = Assert.Single(Writes());
            Assert.Equal(("1", false), (reason.Which, reason.IsUnready));
            Assert.Contains("has not taken a write", reason.Detail, StringComparison.Ordinal);
            Assert.Equal(0, IsUp());
        }
        finally
        {
            goesOn.Set();
        }

        await write;
        // This may still run on the lane, whose batch ends after it.
        await Task.Yield();
        Eventually.Holds(() => !Writes().Any(), "a shard whose disk hangs no longer");
        Assert.Equal(1, IsUp());
    }

    [Fact]
    public async Task Follow_ups_that_nobody_does_are_told_after_a_minute()
    {
        await _engine.StartAsync(TestContext.Current.CancellationToken);
        // Due as late as one is that has failed again and again; whatever it is, it waits.
        await _engine.Parts.Records.RunAsync(0, session => session.ExecuteAsync(
            "INSERT INTO follow_ups (kind, uid, payload, due, attempts) VALUES (@Kind, 1, x'', @Due, 9)",
            new { Kind = int.MaxValue, Due = _clock.GetUtcNow().ToUnixTimeMilliseconds() }));
        await Task.Yield();
        var begun = _clock.GetUtcNow();

        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _engine.FindReasons().Any(reason => reason is { Kind: HealthReasonKind.FollowUps, IsUnready: false });
            },
            "follow-ups that wait");
        Assert.True(_clock.GetUtcNow() - begun > TimeSpan.FromMinutes(1));

        await _engine.Parts.Records.RunAsync(0, session => session.ExecuteAsync("DELETE FROM follow_ups"));
        await Task.Yield();
        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _engine.FindReasons().All(reason => reason.Kind != HealthReasonKind.FollowUps);
            },
            "none");
    }

    // To shard 1. What the engine itself does takes no time of the clock, but that may be moved meanwhile.
    private IEnumerable<HealthReason> Writes() =>
        _engine.FindReasons().Where(reason => reason is { Kind: HealthReasonKind.Shard, Which: "1" });

    private double IsUp() => _meters.Read()["swiper.shard.up{shard=1}"].Last();
}
