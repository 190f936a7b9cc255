using Swiper.Core.Dispatch;

namespace Swiper.Storage.Sharding;

/// <summary>Has the replies that a batch's completions write flushed once a connection.</summary>
internal sealed class ReplyFlushing : ICompletionScope
{
    public static readonly ReplyFlushing Instance = new();

    public void Begin() => FlushScope.Enter();

    public void End() => FlushScope.Exit();
}
