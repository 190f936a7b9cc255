namespace Swiper.Host.Tests.Transport;

/// <summary>Bytes that can be told from their place in the stream: what is lost, doubled, swapped or another connection's shows.</summary>
internal readonly struct Pattern(int seed)
{
    public byte[] Bytes(long position, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = At(position + i);
        return bytes;
    }

    public void AssertIs(ReadOnlySpan<byte> bytes, long position)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != At(position + i))
                Assert.Fail($"byte {position + i} of the stream is {bytes[i]} instead of {At(position + i)}");
        }
    }

    private byte At(long position) => (byte)((((ulong)position * 0x9E3779B97F4A7C15) + ((ulong)seed * 0xC2B2AE3D27D4EB4F)) >> 40);
}
