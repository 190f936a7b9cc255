using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.EndToEnd.Storage;

/// <summary>
/// Robots that swipe each other as fast as they can, several requests each on the way, until their connections are lost. Some swipes
/// are sent twice at once, some again much later, some again with another kind.
/// </summary>
internal sealed class SwipeStorm(SwipeLedger ledger, SwiperClient[] robots, int seed)
{
    private const int InFlightEach = 8;

    private readonly long[] _uids = [.. robots.Select(robot => robot.Uid!.Value)];
    private Task _running = Task.CompletedTask;
    private long _answered;

    public long Answered => Volatile.Read(ref _answered);

    public void Start() => _running = Task.WhenAll(robots.SelectMany(
        (robot, index) => Enumerable.Range(0, InFlightEach).Select(lane => Task.Run(() => SwipeAsync(robot, new Random(HashCode.Combine(seed, index, lane)))))));

    /// <summary>Returns when every connection is lost.</summary>
    public Task EndAsync() => _running.WaitAsync(Running.Budget.Patience);

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
            while (true)
            {
                var sid = _uids[random.Next(_uids.Length)];
                if (sid == me)
                    continue;
                switch (random.Next(20))
                {
                    case 0:
                        var both = await Task.WhenAll(SwipeAsync(robot, me, sid).AsTask(), SwipeAsync(robot, me, sid).AsTask());
                        Assert.True(both[0].Repeated || both[1].Repeated, $"{me} -> {sid} was new twice");
                        break;
                    case 1 when ledger.IsAcknowledged(me, sid):
                        var other = KindOf(me, sid) == SwipeKind.Like ? SwipeKind.Dislike : SwipeKind.Like;
                        Assert.Equal(StatusCode.RepeatSwipe, (await robot.TrySwipeAsync(sid, other)).Failure.Code);
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

    private async ValueTask<SwipeReply> SwipeAsync(SwiperClient robot, long me, long sid)
    {
        var kind = KindOf(me, sid);
        var known = ledger.IsAcknowledged(me, sid);
        var reply = await robot.SwipeAsync(sid, kind);
        ledger.Note(me, sid, kind, reply, mustBeRepeated: known);
        Interlocked.Increment(ref _answered);
        return reply;
    }
}
