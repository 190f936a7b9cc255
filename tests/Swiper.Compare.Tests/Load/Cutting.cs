using Swiper.Compare.Load;

namespace Swiper.Compare.Tests.Load;

/// <summary>Hands bytes to a counter as a connection does: what was not consumed comes again, in front of what is received next.</summary>
internal static class Cutting
{
    /// <summary>The replies counted, with the bytes cut in two at every place; all counts must be one.</summary>
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
