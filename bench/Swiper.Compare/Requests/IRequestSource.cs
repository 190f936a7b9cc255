namespace Swiper.Compare.Requests;

/// <summary>Makes request frames without allocating.</summary>
internal interface IRequestSource
{
    /// <summary>The next <paramref name="count"/> frames of a connection, contiguous; valid until the next call.</summary>
    ReadOnlySpan<byte> Next(int connection, int count);
}
