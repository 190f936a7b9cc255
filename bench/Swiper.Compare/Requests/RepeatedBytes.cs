namespace Swiper.Compare.Requests;

/// <summary>The same bytes repeatedly, encoded before the measurement.</summary>
internal sealed class RepeatedBytes(byte[] request) : IRequestSource
{
    private const int Most = 64;

    private readonly byte[] _requests = [.. Enumerable.Repeat(request, Most).SelectMany(bytes => bytes)];

    public ReadOnlySpan<byte> Next(int connection, int count) => _requests.AsSpan(0, count * request.Length);
}
