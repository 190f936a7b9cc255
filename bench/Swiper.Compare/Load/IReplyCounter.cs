namespace Swiper.Compare.Load;

/// <summary>Counts the complete replies in received bytes.</summary>
internal interface IReplyCounter
{
    /// <param name="bytes">Received bytes, starting at the start of a reply.</param>
    /// <param name="consumed">Size of the complete replies; the rest is passed again, in front of the next bytes.</param>
    int Count(ReadOnlySpan<byte> bytes, out int consumed);
}
