using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.EndToEnd.Storage;

/// <summary>
/// Robots that swipe each other as fast as they can, several requests each on the way, until they are stopped or their connections are
/// lost. Some swipes are sent twice at once, some again much later, some again with another kind. What a store that is down does
/// not allow is counted and tried again, as a client would.
/// </summary>
internal sealed class SwipeStorm(SwipeLedger ledger, SwiperClient[] robots, int seed)
{
    private const int InFlightEach = 8;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly long[] _uids = [.. robots.Select(robot => robot.Uid!.Value).Distinct()];
    private Task _running = Task.CompletedTask;
    private long _answered;
    private long _unavailable;
    private volatile bool _stopped;

    public long Answered => Volatile.Read(ref _answered);

    /// <summary>How many were refused for a store that is down.</summary>
    public long Unavailable => Volatile.Read(ref _unavailable);

    /// <summary>What the first of them was told.</summary>
    public string? Refusal { get; private set; }

    public void Start() => _running = Task.WhenAll(robots.SelectMany(
        (robot, index) => Enumerable.Range(0, InFlightEach)
            .Select(lane => Task.Run(() => SwipeAsync(robot, SeededRandom.Of(seed, index, lane))))));

    /// <summary>Returns when every connection is lost.</summary>
    public Task EndAsync() => _running.WaitAsync(Patience.Limit);

    /// <summary>Nobody swipes any more; returns when all is answered that was asked.</summary>
    public Task StopAsync()
    {
        _stopped = true;
        return EndAsync();
    }

    /// <summary>Returns when so many more have been answered than now.</summary>
    public async Task AnswersAsync(int more)
    {
        var wanted = Answered + more;
        await Eventually.HoldsAsync(() => Answered >= wanted || _running.IsCompleted, $"{more} more answers");
        if (Answered < wanted)
            await _running;
    }

    /// <summary>Returns when something was refused for a store that is down.</summary>
    public async Task RefusalAsync()
    {
        var before = Unavailable;
        await Eventually.HoldsAsync(() => Unavailable > before || _running.IsCompleted, "something is refused");
        if (Unavailable == before)
            await _running;
    }

    /// <summary>The same two always decide alike, so that whoever asks again need not remember.</summary>
    public static SwipeKind KindOf(long uid, long sid) => (((ulong)(uid * 31 + sid) * 0x9E3779B97F4A7C15UL >> 33) % 10) switch
    {
        < 5 => SwipeKind.Like,
        < 7 => SwipeKind.Superlike,
        _ => SwipeKind.Dislike,
    };

    private async Task SwipeAsync(SwiperClient robot, Random random)
    {
        var me = robot.Uid!.Value;
        try
        {
            while (!_stopped)
            {
                var sid = _uids[random.Next(_uids.Length)];
                if (sid == me)
                    continue;
                switch (random.Next(20))
                {
                    case 0:
                        var both = await Task.WhenAll(SwipeAsync(robot, me, sid).AsTask(), SwipeAsync(robot, me, sid).AsTask());
                        Assert.False(both[0] is { Repeated: false } && both[1] is { Repeated: false }, $"{me} -> {sid} was new twice");
                        break;
                    case 1 when ledger.IsAcknowledged(me, sid):
                        var other = KindOf(me, sid) == SwipeKind.Like ? SwipeKind.Dislike : SwipeKind.Like;
                        var refused = (await robot.TrySwipeAsync(sid, other)).Failure;
                        if (refused.Code == StatusCode.Unavailable)
                            await BackOffAsync(me, sid, refused);
                        else
                            Assert.Equal(StatusCode.RepeatSwipe, refused.Code);
                        break;
                    default:
                        await SwipeAsync(robot, me, sid);
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is SwiperConnectionException or ObjectDisposedException)
        {
            // The server was killed; what was not answered may or may not have happened.
        }
    }

    private async ValueTask<SwipeReply?> SwipeAsync(SwiperClient robot, long me, long sid)
    {
        var kind = KindOf(me, sid);
        var known = ledger.IsAcknowledged(me, sid);
        var outcome = await robot.TrySwipeAsync(sid, kind);
        if (!outcome.IsOk && outcome.Failure.Code == StatusCode.Unavailable)
        {
            await BackOffAsync(me, sid, outcome.Failure);
            return null;
        }
        var reply = outcome.OrThrow();
        ledger.Note(me, sid, kind, reply, mustBeRepeated: known);
        Interlocked.Increment(ref _answered);
        return reply;
    }

    private Task BackOffAsync(long me, long sid, Failure failure)
    {
        Refusal ??= $"{DateTime.UtcNow:HH:mm:ss.fff} {me} -> {sid}: {failure.Message}";
        Interlocked.Increment(ref _unavailable);
        return Task.Delay(TryAgainAfter);
    }
}
