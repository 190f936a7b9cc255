using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>
/// Small messages between hosts, through Redis: quick, and lost where Redis or a host is away. What must be heard of is also told in
/// another way. The client subscribes again by itself after each loss.
/// </summary>
internal sealed class HostMessages(SwipeIndex index)
{
    private const string ChannelName = "swiper:hosts";

    private readonly RedisChannel _channel = RedisDriver.Channel(ChannelName);

    /// <summary>Has the messages of all hosts, this one's too, handed over from now on, on any thread.</summary>
    public void Subscribe(Action<ReadOnlyMemory<byte>> hear) =>
        index.Client.GetSubscriber().SubscribeAsync(_channel, (_, message) => hear((byte[])message!)).ContinueWith(
            static subscription => _ = subscription.Exception, TaskScheduler.Default);

    /// <summary>Tells all hosts. Never blocks, never throws.</summary>
    public void Publish(byte[] message)
    {
        try
        {
            index.Client.GetSubscriber().Publish(_channel, message, CommandFlags.FireAndForget);
        }
        catch (RedisException)
        {
            // Lost.
        }
    }
}
