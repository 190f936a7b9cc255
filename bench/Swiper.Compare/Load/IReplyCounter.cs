namespace Swiper.Compare.Load;

/// <summary>Finds the whole replies in received bytes.</summary>
internal interface IReplyCounter
{
    /// <param name="bytes">What was received, from the start of a reply on.</param>
    /// <param name="consumed">The bytes of whole replies; the rest comes again, in front of what is received next.</param>
    int Count(ReadOnlySpan<byte> bytes, out int consumed);
}
