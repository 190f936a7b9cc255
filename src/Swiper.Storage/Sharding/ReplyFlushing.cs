using Swiper.Core.Dispatch;

namespace Swiper.Storage.Sharding;

/// <summary>Flushes the replies that a batch's completions write once per connection.</summary>
internal sealed class ReplyFlushing : ICompletionScope
{
    public static readonly ReplyFlushing Instance = new();

    public void Begin() => FlushScope.Enter();

    public void End() => FlushScope.Exit();
}
