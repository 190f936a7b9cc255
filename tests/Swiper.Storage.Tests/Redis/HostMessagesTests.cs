using System.Collections.Concurrent;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Tests.Redis;

public sealed class HostMessagesOnOneRedisTests() : HostMessagesTests(new OneRedis());

public sealed class HostMessagesOnARedisClusterTests() : HostMessagesTests(new RedisClusterOfThree());

/// <summary>Hosts hear each other, and again after Redis was away.</summary>
public abstract class HostMessagesTests : IDisposable
{
    private readonly RedisDeployment _redis;
    private readonly SwipeIndex _one;
    private readonly SwipeIndex _other;

    protected HostMessagesTests(RedisDeployment redis)
    {
        _redis = redis;
        var options = new RedisOptions { Configuration = redis.Configuration, ProbePeriod = TimeSpan.FromMilliseconds(200) };
        (_one, _other) = (new SwipeIndex(options), new SwipeIndex(options));
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
        one.Publish([0, 255, 1]);
        other.Publish([]);
        Eventually.Holds(() => atOne.Count >= 2 && atOther.Count >= 2, "both messages");
        Assert.Equal([[], [0, 255, 1]], atOne.OrderBy(message => message.Length));
        Assert.Equal([[], [0, 255, 1]], atOther.OrderBy(message => message.Length));
    }

    [Fact]
    public void A_handler_that_throws_does_not_end_the_listening()
    {
        using var one = _one.OpenMessages();
        using var other = _other.OpenMessages();
        one.Received += _ => throw new InvalidOperationException("of the test");
        var heard = Heard(other);
        Eventually.Holds(() => one.IsListening && other.IsListening, "listening");
        one.Publish([1]);
        one.Publish([2]);
        Eventually.Holds(() => heard.Count == 2, "both messages");
        Eventually.Holds(() => one.IsListening, "listening");
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

    private static ConcurrentQueue<byte[]> Heard(HostMessages messages)
    {
        var heard = new ConcurrentQueue<byte[]>();
        messages.Received += message => heard.Enqueue(message.ToArray());
        return heard;
    }
}
