namespace Swiper.Compare.Load;

/// <summary>Replies of servers without framing: every <paramref name="size"/> bytes are one.</summary>
internal sealed class FixedSizeReplies(int size) : IReplyCounter
{
    public int Count(ReadOnlySpan<byte> bytes, out int consumed)
    {
        var count = bytes.Length / size;
        consumed = count * size;
        return count;
    }
}
