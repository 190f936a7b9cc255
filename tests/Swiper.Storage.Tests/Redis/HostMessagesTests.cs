using System.Collections.Concurrent;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Tests.Redis;

public sealed class HostMessagesOnOneRedisTests() : HostMessagesTests(new OneRedis());

public sealed class HostMessagesOnARedisClusterTests() : HostMessagesTests(new RedisClusterOfThree());

/// <summary>Hosts hear each other, and again after Redis was away.</summary>
public abstract class HostMessagesTests : IDisposable
{
    private readonly RedisDeployment _redis;
    private readonly RedisOptions _options;
    private readonly SwipeIndex _one;
    private readonly SwipeIndex _other;

    protected HostMessagesTests(RedisDeployment redis)
    {
        _redis = redis;
        _options = new RedisOptions { Configuration = redis.Configuration, ProbePeriod = TimeSpan.FromMilliseconds(200) };
        (_one, _other) = (new SwipeIndex(_options), new SwipeIndex(_options));
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
        _redis.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_message_reaches_every_host_byte_by_byte_and_the_sender_too()
    {
        using var one = _one.OpenMessages();
        using var other = _other.OpenMessages();
        var (atOne, atOther) = (Heard(one), Heard(other));
        Eventually.Holds(() => one.IsListening && other.IsListening, "listening");
        AwaitBoth(() => one.Publish([0, 255, 1]), () => other.Publish([]), atOne, atOther);
        foreach (var heard in new[] { atOne, atOther })
            Assert.Equal([[], [0, 255, 1]], heard.OrderBy(message => message.Length).DistinctBy(message => message.Length));
    }

    [Fact]
    public void A_handler_that_throws_does_not_end_the_listening()
    {
        using var one = _one.OpenMessages();
        using var other = _other.OpenMessages();
        one.Received += _ => throw new InvalidOperationException("of the test");
        var heard = Heard(other);
        Eventually.Holds(() => one.IsListening && other.IsListening, "listening");
        AwaitBoth(() => one.Publish([1]), () => one.Publish([2, 2]), heard);
        Eventually.Holds(() => one.IsListening, "listening");
    }

    [Fact]
    public void An_unexpected_exception_is_logged_and_does_not_end_the_listening()
    {
        var (clock, log) = (new FailingClock(), new RecordedLog<HostMessages>());
        using var one = new HostMessages(_one.Client, _options, Guid.NewGuid(), clock, log);
        using var other = _other.OpenMessages();
        Eventually.Holds(() => one.IsListening && one.Others.Count == 1, "both hosts");
        clock.Fails = true;
        Eventually.Holds(() => log.Of(3065).Count >= 3 && !one.IsListening, "exceptions");
        clock.Fails = false;
        Eventually.Holds(() => one.IsListening, "listening");
        var heard = Heard(one);
        Eventually.Holds(
            () =>
            {
                other.Publish([1]);
                return !heard.IsEmpty;
            },
            "a message");
    }

    [Fact]
    public void Hosts_hear_each_other_again_after_every_server_was_killed()
    {
        using var one = _one.OpenMessages();
        using var other = _other.OpenMessages();
        var heard = Heard(other);
        Eventually.Holds(() => one.IsListening && other.IsListening, "listening");
        for (byte round = 1; round <= 3; round++)
        {
            foreach (var server in _redis.Servers)
            {
                server.Kill();
                one.Publish([99]);
                server.Start();
            }

            var message = round;
            Eventually.Holds(
                () =>
                {
                    one.Publish([message]);
                    return heard.Any(bytes => bytes is [var first] && first == message);
                },
                "a message");
        }
    }

    // A message is delivered at most once, and lost where a host that was slow is just subscribing again.
    private static void AwaitBoth(Action publishOne, Action publishOther, params ConcurrentQueue<byte[]>[] all) => Eventually.Holds(
        () =>
        {
            publishOne();
            publishOther();
            return all.All(heard => heard.DistinctBy(message => message.Length).Count() == 2);
        },
        "both messages");

    /// <summary>Throws what nobody expects of it.</summary>
    private sealed class FailingClock : TimeProvider
    {
        private volatile bool _fails;

        public bool Fails
        {
            set => _fails = value;
        }

        public override long GetTimestamp() => _fails ? throw new InvalidOperationException("of the test") : base.GetTimestamp();
    }

    private static ConcurrentQueue<byte[]> Heard(HostMessages messages)
    {
        var heard = new ConcurrentQueue<byte[]>();
        messages.Received += message => heard.Enqueue(message.ToArray());
        return heard;
    }
}
