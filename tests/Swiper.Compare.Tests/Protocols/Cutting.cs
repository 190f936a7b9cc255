using Swiper.Load.Wire;

namespace Swiper.Compare.Tests.Protocols;

/// <summary>Passes bytes to a counter as a connection does: unconsumed bytes are passed again, in front of the next ones.</summary>
internal static class Cutting
{
    /// <summary>The replies counted with the bytes split at every position; all counts must be equal.</summary>
    public static int CountCutAnywhere(Func<IReplyCounter> counter, byte[] bytes)
    {
        int[] counts = [.. Enumerable.Range(0, bytes.Length + 1).Select(cut => Count(counter(), bytes[..cut], bytes[cut..])).Distinct()];
        return Assert.Single(counts);
    }

    public static int CountByteByByte(IReplyCounter counter, byte[] bytes) => Count(counter, [.. bytes.Select(one => (byte[])[one])]);

    private static int Count(IReplyCounter counter, params byte[][] received)
    {
        var (count, rest) = (0, Array.Empty<byte>());
        foreach (var bytes in received)
        {
            rest = [.. rest, .. bytes];
            count += counter.Count(rest, out var consumed);
            rest = rest[consumed..];
        }
        Assert.Empty(rest);
        return count;
    }
}
